"""What AWS refuses is one line that says what to do."""

import shlex
import subprocess

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from botocore.stub import Stubber
from support.paths import ROOT

pytestmark = pytest.mark.aws


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")


def refused(code, operation="CreateStack"):
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (
            ["deploy", "BUCKET=films", "REGION=r", "SET=Workers=4 'Schedule=rate(1 day)'"],
            "scripts/deploy.py --bucket films --region r --name datalake"
            " --set Workers=4 Schedule=rate(1 day)",
        ),
        (
            ["deploy", "BUCKET=films", "REGION=r", "NAME=n", "DRY_RUN=1"],
            "scripts/deploy.py --bucket films --region r --name n --dry-run",
        ),
        (["views", "REGION=r", "DASHBOARD=1"], "--region r --name datalake --dashboard"),
        (["destroy", "REGION=r"], "scripts/destroy.py --region r --name datalake"),
        (["destroy", "REGION=r", "PURGE=1"], "--region r --name datalake --purge-data"),
    ],
)
def test_make_hands_on_what_it_is_told(words, command):
    make = ["make", "--no-print-directory", "--dry-run", *words, "READY="]
    told = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    said = " ".join(shlex.split(told.replace("\\\n", " ")))
    assert said.endswith(command)


@pytest.mark.parametrize(
    ("raised", "line"),
    [
        (NoCredentialsError(), "no AWS credentials; run `aws configure`, or set AWS_PROFILE"),
        (
            refused("ExpiredToken"),
            "An error occurred (ExpiredToken) when calling the CreateStack operation: no;"
            " sign in again",
        ),
        (
            refused("AccessDenied"),
            "An error occurred (AccessDenied) when calling the CreateStack operation: no;"
            " docs/runbook.md tells what a deployer must be allowed",
        ),
        (
            EndpointConnectionError(endpoint_url="https://x"),
            'Could not connect to the endpoint URL: "https://x";'
            " is the region right, and is there a network?",
        ),
    ],
)
def test_an_error_of_aws_is_one_line_and_exit_status_1(raised, line, capsys):
    from aws_errors import exit_on_error

    with pytest.raises(SystemExit, match="1"), exit_on_error():
        raise raised
    assert capsys.readouterr().err == f"datalake: {line}\n"


def test_the_runbook_has_the_passage_that_the_error_names():
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    assert "\n## What a deployer must be allowed\n" in runbook


def test_an_interruption_says_that_aws_goes_on(capsys):
    from aws_errors import exit_on_error

    with pytest.raises(SystemExit, match="130"), exit_on_error():
        raise KeyboardInterrupt
    assert "AWS goes on" in capsys.readouterr().err


class Session:
    """A session whose clients answer as told; each service once."""

    region_name = "sa-east-1"

    def __init__(self, status):
        self.clients = {name: boto3.client(name, self.region_name) for name in ("s3", "sts")}
        stubs = {name: Stubber(client) for name, client in self.clients.items()}
        stubs["sts"].add_response("get_caller_identity", {"Account": "123456789012"})
        stubs["s3"].add_client_error(
            "head_bucket",
            http_status_code=status,
            expected_params={"Bucket": "films", "ExpectedBucketOwner": "123456789012"},
        )
        for stub in stubs.values():
            stub.activate()

    def client(self, name):
        return self.clients[name]


class Storage:
    name, outputs = "datalake-storage", {}


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (403, "bucket films is another account's; choose another name"),
        (301, "bucket films is in another region than sa-east-1"),
    ],
)
def test_a_bucket_that_can_not_be_ours_is_refused_before_anything_is_done(status, line):
    from aws_errors import DeployError
    from deploy import check_bucket

    with pytest.raises(DeployError) as refused:
        check_bucket(Session(status), Storage, "films")
    assert str(refused.value) == line


def test_a_bucket_that_is_not_there_is_to_be_made():
    from deploy import check_bucket

    check_bucket(Session(404), Storage, "films")


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("UPDATE_IN_PROGRESS", "is in UPDATE_IN_PROGRESS: wait until that is over"),
        ("ROLLBACK_COMPLETE", "is in ROLLBACK_COMPLETE: its creation failed; run `make destroy`"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name datalake`"),
        ("DELETE_FAILED", "run `make destroy` again"),
    ],
)
def test_a_stack_that_can_not_be_changed_says_what_to_do(status, line):
    from aws_errors import DeployError
    from stacks import Stack

    told = {"StackName": "datalake", "StackStatus": status, "CreationTime": "2026-01-01"}
    client = boto3.client("cloudformation", "sa-east-1")
    with Stubber(client) as stub:
        stub.add_response("describe_stacks", {"Stacks": [told]})
        with pytest.raises(DeployError) as refused:
            Stack(client, "datalake").check()
    assert str(refused.value).startswith(f"stack datalake is in {status}: ")
    assert line in str(refused.value)
