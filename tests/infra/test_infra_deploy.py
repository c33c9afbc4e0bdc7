"""Deploy and destroy, as a user runs them, on an emulator of AWS over HTTP."""

import json

import pytest
from support.account import groups, stacks
from support.ministack import REGION
from support.paths import ROOT

pytestmark = pytest.mark.aws

BUCKET = "films-of-mine"


def workers(client):
    return int(client("glue").get_job(JobName="datalake-trusted")["Job"]["NumberOfWorkers"])


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
        (
            ["--set", "Colour=red"],
            {},
            "--set Colour: no such parameter; there are AccessLogB",
        ),
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


def test_deploy_after_a_purge_begins_anew_with_all_that_is_opt_in(run, deploy, client):
    """But a budget, which the emulator does not know."""
    client("s3").create_bucket(
        Bucket="logs-of-mine", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    chosen = [f"KmsKey={key}", "AlarmEmail=me@example.com", "AccessLogBucket=logs-of-mine"]
    status, _, errors = deploy("--set", *chosen, "StartOnNewFiles=ENABLED", "OldVersionDays=90")
    assert (status, errors) == (0, "")
    groups = client("logs").describe_log_groups(logGroupNamePrefix="/aws-glue/")["logGroups"]
    assert {group["kmsKeyId"] for group in groups} == {key}
    (mail,) = client("sns").list_subscriptions()["Subscriptions"]
    assert (mail["Protocol"], mail["Endpoint"]) == ("email", "me@example.com")
    rules = client("events").list_rules()["Rules"]
    assert {rule["Name"]: rule["State"] for rule in rules}["datalake-new-files"] == "ENABLED"
    told = client("s3").get_bucket_notification_configuration(Bucket=BUCKET)
    assert "EventBridgeConfiguration" in told
    filters = client("logs").describe_metric_filters()["metricFilters"]
    made = {one["metricTransformations"][0]["metricName"] for one in filters}
    dashboard = client("cloudwatch").get_dashboard(DashboardName="datalake")["DashboardBody"]
    widgets = json.loads(dashboard)["widgets"]
    assert {"Titles", "QuarantinedRows", "TmdbThrottled", "OldestHours", "JobUsd"} <= made
    assert len(widgets) == 9
    assert "${" not in dashboard
    assert run("destroy", "--purge-data")[0] == 0
    assert stacks(client) == {}


def test_a_budget_is_all_that_the_emulator_refuses(deploy, client):
    status, _, errors = deploy("--set", "AlarmEmail=me@example.com", "MonthlyBudget=20")
    assert status == 1
    assert "Unrecognized resource types: [AWS::Budgets::Budget]" in errors


def test_the_same_tree_makes_the_same_release(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from release import build

    first, second = build(), build()
    assert first.folder == second.folder
    assert first.files == second.files
    assert {"base.gluewheels.zip", "answers.gluewheels.zip"} <= set(first.files)
