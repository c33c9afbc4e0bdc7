"""infra/dashboard.yaml is what its definition makes, and what QuickSight would take."""

import subprocess
import sys
from pathlib import Path

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError
from botocore.session import get_session
from botocore.validate import ParamValidator
from moto.server import ThreadedMotoServer
from support.paths import ROOT

from datalake.sql.connection import connect_empty

FILE = ROOT / "infra" / "dashboard.yaml"
TEMPLATE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
RESOURCES = TEMPLATE["Resources"]
LANGUAGES = ("en", "pt-BR")
PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackName": "dashboard",
}
CREATED = {
    "AWS::QuickSight::DataSource": "CreateDataSource",
    "AWS::QuickSight::DataSet": "CreateDataSet",
    "AWS::QuickSight::Theme": "CreateTheme",
    "AWS::QuickSight::RefreshSchedule": "CreateRefreshSchedule",
    "AWS::QuickSight::Analysis": "CreateAnalysis",
    "AWS::QuickSight::Dashboard": "CreateDashboard",
}
SUFFIX = {"DATE": "DATETIME", "DOUBLE": "DECIMAL", "VARCHAR": "STRING"}


def resolve(node, language="en"):  # noqa: PLR0911
    """The node as CloudFormation would hand it to the service."""
    values = PSEUDO | {name: p["Default"] for name, p in TEMPLATE["Parameters"].items()}
    values["Language"] = language
    match node:
        case {"Ref": name}:
            return values[name]
        case {"Fn::Sub": text}:
            for name, value in values.items():
                text = text.replace(f"${{{name}}}", value)
            assert "${" not in text
            return text
        case {"Fn::GetAtt": [name, "Arn"]}:
            kind = RESOURCES[name]["Type"].rpartition("::")[2].lower()
            return f"arn:aws:quicksight:eu-west-1:123456789012:{kind}/{name}"
        case {"Fn::FindInMap": [mapping, key, word]}:
            return TEMPLATE["Mappings"][mapping][resolve(key, language)][word]
        case dict():
            return {name: resolve(value, language) for name, value in node.items()}
        case list():
            return [resolve(value, language) for value in node]
    return node


def properties(resource, language="en"):
    values = resolve(resource["Properties"], language)
    # The API writes this one word in another way than CloudFormation.
    frequency = values.get("Schedule", {}).get("ScheduleFrequency", {})
    if "TimeZone" in frequency:
        frequency["Timezone"] = frequency.pop("TimeZone")
    return values


def walk(node):
    """Every dictionary in the node."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from walk(part)


DEFINITION = properties(RESOURCES["Dashboard"])["Definition"]


def test_the_file_is_what_its_definition_makes():
    program = [sys.executable, str(ROOT / "scripts" / "dashboard"), "--check"]
    checked = subprocess.run(program, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.slow
def test_cfn_lint_finds_nothing():
    program = [Path(sys.executable).with_name("cfn-lint"), FILE]
    linted = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout) == (0, "")


def test_every_resource_is_one_that_is_checked():
    assert {resource["Type"] for resource in RESOURCES.values()} == set(CREATED)


@pytest.fixture(scope="module")
def service():
    """What the service says of its own parameters."""
    return get_session().get_service_model("quicksight")


def validation_report(service, operation, parameters):
    shape = service.operation_model(operation).input_shape
    return ParamValidator().validate(parameters, shape).generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_service_would_take_it(service, language):
    reports = {
        name: validation_report(service, CREATED[resource["Type"]], properties(resource, language))
        for name, resource in RESOURCES.items()
    }
    assert reports == dict.fromkeys(RESOURCES, "")


def test_a_wrong_definition_would_not_be_taken(service):
    broken = properties(RESOURCES["Dashboard"])
    broken["Definition"]["Sheets"][0]["Visuals"][0] = {"KPIVisual": {"Titel": "x"}}
    assert "VisualId" in validation_report(service, "CreateDashboard", broken)


@pytest.fixture(scope="module")
def quicksight():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield boto3.client(
        "quicksight",
        "eu-west-1",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    server.stop()


def test_source_data_sets_and_dashboard_are_created(quicksight):
    sets = set()
    for resource in RESOURCES.values():
        if resource["Type"] == "AWS::QuickSight::DataSource":
            quicksight.create_data_source(**properties(resource))
        elif resource["Type"] == "AWS::QuickSight::DataSet":
            sets.add(quicksight.create_data_set(**properties(resource))["DataSetId"])
    quicksight.create_dashboard(**properties(RESOURCES["Dashboard"]))
    account = PSEUDO["AWS::AccountId"]
    assert sets == {f"dashboard-{view}" for view in identifiers()}
    description = quicksight.describe_dashboard(AwsAccountId=account, DashboardId="dashboard")
    assert description["Dashboard"]["Name"] == "Crime and War: four questions"
    with pytest.raises(ClientError):
        quicksight.describe_dashboard(AwsAccountId=account, DashboardId="other")


def identifiers():
    """The data sets that visuals may name, with the views behind them."""
    declared = resolve(RESOURCES["Dashboard"]["Properties"]["Definition"])
    return [data["Identifier"] for data in declared["DataSetIdentifierDeclarations"]]


def view_columns():
    with connect_empty() as connection:
        return {
            view: {
                name: SUFFIX.get(kind, "INTEGER")
                for name, kind, *_ in connection.execute(f"DESCRIBE {view}").fetchall()
            }
            for view in identifiers()
        }


def test_data_sets_have_the_columns_of_their_views():
    declared = {}
    for resource in RESOURCES.values():
        if resource["Type"] == "AWS::QuickSight::DataSet":
            (table,) = resource["Properties"]["PhysicalTableMap"].values()
            relation = table["RelationalTable"]
            declared[relation["Name"]] = {c["Name"]: c["Type"] for c in relation["InputColumns"]}
            assert resolve(relation["Schema"]) == "datalake_refined"
    assert declared == view_columns()


def test_every_column_that_a_visual_or_a_filter_names_is_in_its_view():
    columns = view_columns()
    references = [
        node for node in walk(DEFINITION) if set(node) == {"DataSetIdentifier", "ColumnName"}
    ]
    assert len(references) > 100
    assert [
        node for node in references if node["ColumnName"] not in columns[node["DataSetIdentifier"]]
    ] == []


def test_numbers_are_measured_and_texts_are_grouped_by():
    columns = view_columns()

    def kind(field):
        return columns[field["Column"]["DataSetIdentifier"]][field["Column"]["ColumnName"]]

    for one in walk(DEFINITION):
        for field, body in one.items():
            if field in ("NumericalMeasureField", "NumericalDimensionField"):
                assert kind(body) in ("INTEGER", "DECIMAL")
            if field in ("CategoricalDimensionField", "CategoryFilter"):
                assert kind(body) == "STRING"


def test_sorts_and_labels_name_fields_of_their_own_visual():
    for sheet in DEFINITION["Sheets"]:
        for visual in sheet["Visuals"]:
            (body,) = visual.values()
            wells = {one.get("FieldId") for one in walk(body["ChartConfiguration"]["FieldWells"])}
            used = {one["FieldId"] for one in walk(body) if "FieldId" in one}
            assert used <= wells


def test_all_that_stands_on_a_sheet_is_placed_and_nothing_overlaps():
    for sheet in DEFINITION["Sheets"]:
        visuals = {body["VisualId"] for visual in sheet["Visuals"] for body in visual.values()}
        texts = {text["SheetTextBoxId"] for text in sheet["TextBoxes"]}
        (layout,) = sheet["Layouts"]
        placed = layout["Configuration"]["GridLayout"]["Elements"]
        assert {element["ElementId"] for element in placed} == visuals | texts
        cells = [
            (element["ColumnIndex"] + x, element["RowIndex"] + y)
            for element in placed
            for x in range(element["ColumnSpan"])
            for y in range(element["RowSpan"])
        ]
        assert len(cells) == len(set(cells))
        assert max(x for x, _ in cells) < 36


def test_every_visual_is_filtered_to_one_genre_or_shows_genres_side_by_side():
    filtered = {}
    for group in DEFINITION["FilterGroups"]:
        (scope,) = group["ScopeConfiguration"]["SelectedSheets"]["SheetVisualScopingConfigurations"]
        for visual in scope["VisualIds"]:
            filtered[visual] = {
                one["Column"]["ColumnName"] for f in group["Filters"] for one in f.values()
            }
    for sheet in DEFINITION["Sheets"]:
        for visual in sheet["Visuals"]:
            (body,) = visual.values()
            grouped = {
                one["Column"]["ColumnName"]
                for one in walk(body["ChartConfiguration"]["FieldWells"])
                if "Column" in one
            }
            assert "genre" in filtered[body["VisualId"]] | grouped


def test_parameters_that_controls_and_filters_name_are_declared():
    declared = {
        body["Name"] for one in DEFINITION["ParameterDeclarations"] for body in one.values()
    }
    named = {
        one[key]
        for one in walk(DEFINITION)
        for key in ("ParameterName", "SourceParameterName")
        if key in one
    }
    assert named == declared


def test_visuals_have_ids_of_their_own():
    bodies = [
        body for sheet in DEFINITION["Sheets"] for v in sheet["Visuals"] for body in v.values()
    ]
    ids = [body["VisualId"] for body in bodies]
    assert len(ids) == len(set(ids)) > 10


def test_both_languages_have_all_words():
    words = TEMPLATE["Mappings"]["Words"]
    assert words["en"].keys() == words["pt-BR"].keys()
    assert sum(words["en"][key] != words["pt-BR"][key] for key in words["en"]) > 50


def test_the_group_that_is_named_may_see_the_dashboard():
    (permission,) = properties(RESOURCES["Dashboard"])["Permissions"]
    assert (
        permission["Principal"]
        == "arn:aws:quicksight:us-east-1:123456789012:group/default/datalake"
    )
    assert "quicksight:QueryDashboard" in permission["Actions"]
