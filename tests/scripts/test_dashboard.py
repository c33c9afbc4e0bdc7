"""infra/dashboard.yaml is what its definition makes, and what QuickSight would take."""

import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from botocore.validate import ParamValidator
from moto.server import ThreadedMotoServer
from support.dashboard_template import (
    CREATED,
    FILE,
    LANGUAGES,
    PSEUDO,
    RESOURCES,
    identifiers,
    properties,
)
from support.paths import ROOT


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
    assert description["Dashboard"]["Name"].startswith("Crime and War: ")
    with pytest.raises(ClientError):
        quicksight.describe_dashboard(AwsAccountId=account, DashboardId="other")


def test_the_group_that_is_named_may_see_the_dashboard():
    (permission,) = properties(RESOURCES["Dashboard"])["Permissions"]
    assert (
        permission["Principal"]
        == "arn:aws:quicksight:us-east-1:123456789012:group/default/datalake"
    )
    assert "quicksight:QueryDashboard" in permission["Actions"]
