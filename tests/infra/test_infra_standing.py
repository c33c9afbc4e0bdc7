"""What stands after a deploy, on an emulator of AWS over HTTP."""

import json
from types import SimpleNamespace

import pytest
from support.account import groups
from support.paths import ROOT

pytestmark = [pytest.mark.aws, pytest.mark.usefixtures("deployed")]

BUCKET = "films-of-mine"


@pytest.fixture(scope="module")
def deployed(deploy):
    status, _, errors = deploy()
    assert (status, errors) == (0, "")


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


def test_smoke_names_what_is_missing_before_a_first_run(run):
    status, told, errors = run("smoke")
    assert (status, errors) == (1, "")
    assert "ok      No publication is half done" in told
    assert "FAILED  The newest finished execution succeeded" in told
    assert "FAILED  Each layer has tables, and they lie in the bucket: datalake_trusted" in told
    assert "FAILED  Somebody has confirmed to be told of failures: set AlarmEmail" in told
