"""The tables as a data contract of the Open Data Contract Standard, from the same schemas."""

from collections.abc import Mapping, Sequence
from typing import Any

from datalake.schemas.table import Column, Table

# The oldest version that has relationships and metrics: most tools read it.
STANDARD = "v3.1.0"
_LOGICAL = {"long": "integer", "int": "integer", "double": "number", "map": "object"}
_TERMS = (
    "IMDb's data are for personal, non-commercial use and must not be republished. TMDB's may be"
    " kept for six months at most, and not be used for machine learning."
)

Document = dict[str, Any]


def data_contract(tables: Sequence[Table], schema_version: int, library_version: str) -> Document:
    """The whole contract as plain data: what `datalake contract` writes as YAML."""
    dimensions = {table.key[0]: table.name for table in tables if table.name.startswith("dim_")}
    return {
        "apiVersion": STANDARD,
        "kind": "DataContract",
        "id": "datalake",
        "name": "datalake: films and series, from IMDb and TMDB",
        "version": f"{schema_version}.0.0",
        "status": "active",
        "description": {
            "purpose": "Answer questions on films and series of chosen genres.",
            "usage": "Unknown is null, never 0 or an empty text. Types are Spark SQL's.",
            "limitations": _TERMS,
        },
        "schema": [_table(table, dimensions) for table in tables],
        "customProperties": [{"property": "libraryVersion", "value": library_version}],
    }


def _table(table: Table, dimensions: Mapping[str, str]) -> Document:
    schema_object: Document = {
        "name": table.name,
        "physicalName": f"{table.layer}.{table.name}",
        "physicalType": "table",
        "logicalType": "object",
        "description": table.grain,
        "dataGranularityDescription": table.grain,
        "tags": [table.layer.lower()],
        "properties": [_property(column, table, dimensions) for column in table.columns],
    }
    if table.key:
        keys = {"properties": list(table.key)}
        unique = {"metric": "duplicateValues", "arguments": keys, "mustBe": 0}
        schema_object["quality"] = [{"description": "No two rows have the same key.", **unique}]
    return schema_object


def _property(column: Column, table: Table, dimensions: Mapping[str, str]) -> Document:
    definition = {"name": column.name, **_types(column.type), "description": column.comment}
    if column.name in table.key:
        definition |= {"primaryKey": True, "primaryKeyPosition": table.key.index(column.name) + 1}
    if column.name in table.partitioned_by:
        position = table.partitioned_by.index(column.name) + 1
        definition |= {"partitioned": True, "partitionKeyPosition": position}
    dimension = dimensions.get(column.name)
    if dimension and dimension != table.name:
        definition["relationships"] = [{"type": "foreignKey", "to": f"{dimension}.{column.name}"}]
    return definition


def _types(spark_type: str) -> Document:
    outer, _, inner = spark_type.partition("<")
    types: Document = {"logicalType": _LOGICAL.get(outer, outer), "physicalType": spark_type}
    if outer == "array":
        types["items"] = _types(inner[:-1])
    return types
