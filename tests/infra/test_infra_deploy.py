"""Deploy and destroy, as a user runs them, on an emulator of AWS over HTTP."""

import json
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import boto3
import pytest
from support.ministack import REGION, environment, ministack
from support.paths import ROOT

pytestmark = pytest.mark.infra

BUCKET = "films-of-mine"
STALE = ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN")


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    """What reaches an empty account; one for all tests of this file, in their order."""
    with ministack(tmp_path_factory.mktemp("aws")) as port:
        yield environment(port)


@pytest.fixture(scope="module")
def client(aws):
    def client(service):
        return boto3.client(
            service,
            endpoint_url=aws["AWS_ENDPOINT_URL"],
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    return client


@pytest.fixture(scope="module")
def run(aws):
    """Run one of the scripts; its exit status, output and error output."""

    def run(script, *words, **changed):
        inherited = {name: value for name, value in os.environ.items() if name not in STALE}
        told = {name: value for name, value in {**aws, **changed}.items() if value is not None}
        program = [sys.executable, ROOT / "scripts" / f"{script}.py", *words, "--region", REGION]
        done = subprocess.run(
            program, env=inherited | told, capture_output=True, text=True, timeout=170, check=False
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture(scope="module")
def deploy(run):
    def deploy(*words, **changed):
        return run("deploy", "--bucket", BUCKET, *words, **changed)

    return deploy


def stacks(client):
    told = client("cloudformation").describe_stacks()["Stacks"]
    return {one["StackName"]: one["StackStatus"] for one in told}


def workers(client):
    return int(client("glue").get_job(JobName="datalake-trusted")["Job"]["NumberOfWorkers"])


def outputs(client, stack):
    (told,) = client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in told["Outputs"]}


def test_a_dry_run_tells_and_changes_nothing(deploy, client):
    status, told, errors = deploy("--dry-run", "--set", "Genres=Crime")
    assert (status, errors) == (0, "")
    for words in (
        "create stack datalake-storage",
        "create stack datalake\n",
        "layer.zip",
        "Genres = Crime",
    ):
        assert words in told
    assert stacks(client) == {}
    assert client("s3").list_buckets()["Buckets"] == []


def test_deploy_stands_the_lake_up(deploy, client):
    status, told, errors = deploy()
    assert (status, errors) == (0, "")
    assert stacks(client) == {
        "datalake": "CREATE_COMPLETE",
        "datalake-storage": "CREATE_COMPLETE",
    }
    assert "datalake ingest --source DIR --lake s3://films-of-mine/lake" in told
    assert "secretsmanager put-secret-value" in told


def test_the_bucket_is_closed_encrypted_and_versioned(client):
    s3 = client("s3")
    assert set(
        s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values()
    ) == {True}
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    assert {one["Sid"] for one in policy["Statement"]} == {"TlsOnly", "ModernTlsOnly"}


def test_jobs_find_their_scripts_and_their_wheel(client):
    there = {one["Key"] for one in client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]}
    for job in client("glue").get_jobs()["Jobs"]:
        arguments = job["DefaultArguments"]
        script = job["Command"]["ScriptLocation"].removeprefix(f"s3://{BUCKET}/")
        wheels = arguments["--additional-python-modules"]
        assert script.startswith("code/")
        assert (ROOT / "jobs").joinpath(script.rpartition("/")[2]).is_file(), script
        assert script in there
        assert wheels.endswith(".gluewheels.zip")
        assert wheels.removeprefix(f"s3://{BUCKET}/") in there
        assert arguments["--lake"] == f"s3://{BUCKET}/lake"


def test_the_catalog_has_the_layers(client):
    databases = client("glue").get_databases()["DatabaseList"]
    assert {one["Name"]: one.get("LocationUri") for one in databases} == {
        f"datalake_{layer.lower()}": f"s3://{BUCKET}/lake/{layer}"
        for layer in ("Trusted", "Refined", "Answers")
    }


def test_queries_have_a_cap(client):
    group = client("athena").get_work_group(WorkGroup="datalake")["WorkGroup"]["Configuration"]
    assert group["EnforceWorkGroupConfiguration"] is True
    assert int(group["BytesScannedCutoffPerQuery"]) == 10 * 2**30


def test_the_schedules_are_off_and_what_they_can_not_start_is_kept(client):
    queue = client("sqs").get_queue_url(QueueName="datalake-not-started")["QueueUrl"]
    for name, given in (("daily", {}), ("weekly", {"upkeep": True})):
        schedule = client("scheduler").get_schedule(Name=f"datalake-{name}")
        assert schedule["State"] == "DISABLED"
        assert json.loads(schedule["Target"]["Input"]) == given
        assert schedule["Target"]["DeadLetterConfig"]["Arn"].endswith(queue.rpartition("/")[2])


def test_logs_of_jobs_have_a_retention(client):
    kept = {name: days for name, days in groups(client).items() if name.startswith("/aws-glue/")}
    assert kept == {"/aws-glue/datalake/output": 90, "/aws-glue/datalake/error": 90}


def test_everything_bears_the_lake_s_tags(client):
    (stack,) = client("cloudformation").describe_stacks(StackName="datalake")["Stacks"]
    assert {one["Key"]: one["Value"] for one in stack["Tags"]} == {
        "Project": "datalake",
        "Lake": "datalake",
    }


def test_the_function_finds_its_libraries_and_asks_for_its_token(client):
    answer = client("lambda").invoke(FunctionName="datalake-enrich", Payload=b"{}")
    told = json.load(answer["Payload"])
    assert answer["FunctionError"]
    assert told["errorMessage"].startswith("TMDB_TOKEN: empty"), told


def test_a_run_on_an_empty_raw_ends_and_says_why(client):
    states = client("stepfunctions")
    started = states.start_execution(stateMachineArn=outputs(client, "datalake")["Run"])
    until = time.monotonic() + 30
    while (ended := states.describe_execution(executionArn=started["executionArn"]))[
        "status"
    ] == "RUNNING":
        assert time.monotonic() < until
        time.sleep(0.2)
    assert (ended["status"], ended["error"]) == ("FAILED", "RunFailed")
    assert ended["cause"].startswith("RawIsEmpty: movies.csv")


def test_views_before_a_first_run_are_one_line(run):
    pytest.importorskip("datalake.sql.views")
    status, _, errors = run("athena_views")
    assert status == 1
    assert errors.startswith("datalake: view ")
    assert errors.endswith("; a run has to build its tables first\n")


def test_views_are_put_into_athena(client, monkeypatch, capsys):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from datalake.sql.views import View

    view = View("seven", "Is it seven?", "CREATE OR REPLACE VIEW seven AS SELECT 7 AS n")
    monkeypatch.setattr("datalake.sql.views.all_views", lambda: [view])
    from athena_views import create_views

    create_views(client("athena"), "datalake", "datalake_")
    assert capsys.readouterr().out == "view datalake_refined.seven: done\n"
    athena = client("athena")
    asked = athena.list_query_executions(WorkGroup="datalake")["QueryExecutionIds"]
    found = [athena.get_query_execution(QueryExecutionId=one)["QueryExecution"] for one in asked]
    (told,) = [one for one in found if one["Query"] == view.text]
    assert told["QueryExecutionContext"]["Database"] == "datalake_refined"


TOPIC = """
Parameters:
  DatabasePrefix: {Type: String}
  WorkGroup: {Type: String}
  Group: {Type: String, Default: nobody}
Resources:
  StandIn: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "${WorkGroup}-${Group}"}}
"""


def test_a_dashboard_is_a_stack_of_its_own(client, run, monkeypatch, tmp_path, capsys):
    """By a stand-in, for the emulator has no QuickSight: that a long template gets there."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    import athena_views
    from stacks import Stack

    template = tmp_path / "dashboard.yaml"
    template.write_text(TOPIC + "# long\n" * 10_000)
    monkeypatch.setattr(athena_views, "DASHBOARD", template)
    session = SimpleNamespace(client=client)
    lake = Stack(client("cloudformation"), "datalake")
    athena_views.create_dashboard(session, lake, {"Group": "readers"})
    assert capsys.readouterr().out.endswith("stack datalake-dashboard: done\n")
    topics = [one["TopicArn"] for one in client("sns").list_topics()["Topics"]]
    assert [arn for arn in topics if arn.endswith(":datalake-readers")]


def test_a_run_is_told_which_data_sets_the_dashboard_has(client, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from athena_views import DASHBOARD, data_sets
    from stacks import Stack

    ids = data_sets(DASHBOARD.read_text(encoding="utf-8"), "datalake-dashboard")
    assert len(ids) > 5
    assert "datalake-dashboard-coverage" in ids
    lake = Stack(client("cloudformation"), "datalake")
    before = lake.parameters
    assert lake.set_parameters({"DataSets": ",".join(ids)})
    assert lake.parameters == before | {"DataSets": ",".join(ids)}
    assert lake.set_parameters({"DataSets": "none"})


def test_deploy_again_changes_nothing(deploy):
    status, told, errors = deploy()
    assert (status, errors) == (0, "")
    assert told.count("nothing to change") == 2
    assert "  put s3://" not in told


def test_an_update_sets_what_is_told_and_the_next_keeps_it(deploy, client):
    assert deploy("--set", "ScheduleState=ENABLED", "Workers=4")[0] == 0
    assert stacks(client)["datalake"] == "UPDATE_COMPLETE"
    assert client("scheduler").get_schedule(Name="datalake-daily")["State"] == "ENABLED"
    assert workers(client) == 4
    alarms = client("cloudwatch").describe_alarms()["MetricAlarms"]
    (stale,) = [one for one in alarms if one["AlarmName"] == "datalake-run-stale"]
    assert stale["EvaluationPeriods"] == 26
    status, told, _ = deploy()
    assert (status, told.count("nothing to change")) == (0, 2)
    assert workers(client) == 4


def test_smoke_names_what_is_missing_before_a_first_run(run):
    status, told, errors = run("smoke")
    assert (status, errors) == (1, "")
    assert "ok      No publication is half done" in told
    assert "FAILED  The newest finished execution succeeded" in told
    assert "FAILED  Each layer has tables, and they lie in the bucket: datalake_trusted" in told
    assert "FAILED  Somebody has confirmed to be told of failures: set AlarmEmail" in told


def test_destroy_keeps_the_data_and_deploy_finds_it_again(run, deploy, client):
    client("s3").put_object(
        Bucket=BUCKET, Key="lake/Raw/Local/CSV/Movies/movies.csv", Body=b"id|\n"
    )
    _, told, _ = run("destroy", "--dry-run")
    assert "would delete stack datalake\n" in told
    assert "kept: stack datalake-storage with bucket films-of-mine" in told
    assert "datalake" in stacks(client)

    status, told, errors = run("destroy")
    assert (status, errors) == (0, "")
    assert set(stacks(client)) == {"datalake-storage"}
    assert client("glue").get_jobs()["Jobs"] == []
    assert not [name for name in groups(client) if "datalake" in name]
    assert run("destroy")[0] == 0

    assert deploy()[0] == 0
    body = client("s3").get_object(Bucket=BUCKET, Key="lake/Raw/Local/CSV/Movies/movies.csv")
    assert body["Body"].read() == b"id|\n"


@pytest.mark.parametrize(
    ("words", "changed", "error"),
    [
        (["--set", "Colour=red"], {}, "--set Colour: no such parameter; there are AlarmEmail,"),
        (["--bucket", "another"], {}, "stack datalake-storage holds bucket films-of-mine;"),
        (
            [],
            {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
            "no AWS credentials; run `aws configure`",
        ),
        ([], {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "Could not connect"),
    ],
)
def test_what_is_wrong_is_one_line(deploy, words, changed, error):
    status, _, errors = deploy(*words, **changed)
    assert status == 1
    assert errors.startswith(f"datalake: {error}")
    assert errors.count("\n") == 1


def test_a_bucket_that_is_not_of_the_lake_is_refused(deploy, client):
    client("s3").create_bucket(
        Bucket="someone", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    status, _, errors = deploy("--bucket", "someone", "--name", "other")
    assert (status, errors) == (
        1,
        "datalake: bucket someone is there already and not of stack other-storage;"
        " choose another name\n",
    )


def test_a_stack_that_could_not_be_created_says_why_and_what_to_do(run, client):
    words = ["--bucket", "second-lake", "--name", "second"]
    databases = client("glue").get_databases()["DatabaseList"]
    status, _, errors = run("deploy", *words)  # its databases bear the first lake's names
    assert status == 1
    assert "stack second-storage ended in ROLLBACK_COMPLETE: " in errors
    status, _, errors = run("deploy", *words)
    assert status == 1
    assert errors.startswith("datalake: stack second-storage is in ROLLBACK_COMPLETE: its creation")
    assert run("destroy", "--name", "second")[0] == 0
    assert "second-storage" not in stacks(client)
    assert client("glue").get_databases()["DatabaseList"] == databases


def test_purge_takes_all_of_it(run, client):
    _, told, _ = run("destroy", "--purge-data", "--dry-run")
    assert "would delete all that is in bucket films-of-mine" in told
    assert BUCKET in {one["Name"] for one in client("s3").list_buckets()["Buckets"]}

    status, _, errors = run("destroy", "--purge-data")
    assert (status, errors) == (0, "")
    assert stacks(client) == {}
    assert BUCKET not in {one["Name"] for one in client("s3").list_buckets()["Buckets"]}
    assert client("glue").get_databases()["DatabaseList"] == []
    assert run("destroy", "--purge-data")[0] == 0


def test_deploy_after_a_purge_begins_anew_with_a_key_of_one_s_own(run, deploy, client):
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    status, _, errors = deploy("--set", f"KmsKey={key}")
    assert (status, errors) == (0, "")
    # The emulator tells nothing of keys: that it reaches all, the templates' tests see.
    assert stacks(client) == {"datalake": "CREATE_COMPLETE", "datalake-storage": "CREATE_COMPLETE"}
    assert run("destroy", "--purge-data")[0] == 0
    assert stacks(client) == {}


def groups(client):
    told = client("logs").describe_log_groups()["logGroups"]
    return {one["logGroupName"]: one.get("retentionInDays") for one in told}


def test_the_same_tree_makes_the_same_release(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from release import build

    first, second = build(), build()
    assert first.folder == second.folder
    assert first.files == second.files
    assert {"base.gluewheels.zip", "answers.gluewheels.zip"} <= set(first.files)
