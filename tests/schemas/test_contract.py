"""`datalake contract`: valid by the standard's own schema and model, and true to our schemas."""

import json
from importlib.resources import files

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft201909Validator
from open_data_contract_standard.model import OpenDataContractStandard

from datalake.cli.main import cli
from datalake.questions.registry import TABLES
from datalake.schemas.contract import data_contract
from datalake.schemas.table import Table, columns

STANDARD = json.loads((files("open_data_contract_standard") / "schema.json").read_text("utf-8"))
VALIDATOR = Draft201909Validator(STANDARD)
DIMENSION = Table("Refined", "dim_a", "One row per a.", ("a_key",), columns(("a_key", "long", "")))
FACT = Table(
    "Refined",
    "fact_b",
    "One row per a and day.",
    key=("a_key", "day"),
    columns=columns(
        ("a_key", "long", "Key of the a"),
        ("day", "date", "The day"),
        ("names", "array<string>", "Its names"),
        ("counts", "map<string,long>", "Votes by source"),
    ),
    partitioned_by=("day",),
)


@pytest.fixture(scope="module")
def printed():
    ended = CliRunner().invoke(cli, ["contract"])
    assert ended.exit_code == 0, ended.output
    return ended.output


def test_it_is_valid_by_the_standard_s_schema_and_model(printed):
    errors = [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(printed))]
    assert errors == []
    contract = OpenDataContractStandard.from_string(printed)
    assert [table.name for table in contract.schema_] == [table.name for table in TABLES]


def test_the_standard_s_schema_refuses_what_is_wrong(printed):
    contract = yaml.safe_load(printed)
    contract["schema"][0]["properties"][0]["logicalType"] = "bigint"
    contract["schema"][0]["grain"] = "One row per title."
    assert len(list(VALIDATOR.iter_errors(contract))) >= 2


def test_every_column_is_there_with_its_type_and_meaning(printed):
    described = {
        f"{table['physicalName']}.{column['name']}": (column["physicalType"], column["description"])
        for table in yaml.safe_load(printed)["schema"]
        for column in table["properties"]
    }
    assert described == {
        f"{table.layer}.{table.name}.{column.name}": (column.type, column.comment)
        for table in TABLES
        for column in table.columns
    }


def test_keys_partitions_and_references_are_told():
    _, fact = data_contract([DIMENSION, FACT], 7, "0.2.0")["schema"]
    assert fact["dataGranularityDescription"] == "One row per a and day."
    assert fact["quality"] == [
        {
            "description": "No two rows have the same key.",
            "metric": "duplicateValues",
            "arguments": {"properties": ["a_key", "day"]},
            "mustBe": 0,
        }
    ]
    a_key, day, names, counts = fact["properties"]
    assert a_key == {
        "name": "a_key",
        "logicalType": "integer",
        "physicalType": "long",
        "description": "Key of the a",
        "primaryKey": True,
        "primaryKeyPosition": 1,
        "relationships": [{"type": "foreignKey", "to": "dim_a.a_key"}],
    }
    assert (day["primaryKeyPosition"], day["partitionKeyPosition"]) == (2, 1)
    assert names["items"] == {"logicalType": "string", "physicalType": "string"}
    assert (counts["logicalType"], counts["physicalType"]) == ("object", "map<string,long>")
