"""The templates: clean by two linters, within TMDB's terms, and fit for the jobs."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import reduce
from itertools import chain
from operator import getitem
from pathlib import Path

import pytest
import yaml
from cfnlint.decode.cfn_yaml import loads
from support.paths import ROOT, TOOLS
from support.templates import DEPLOYERS, INFRA, TEMPLATES, listed, named, resources, text

from datalake.core import options
from datalake.enrichment.lambda_handler import Invocation
from datalake.glue.arguments import parse_arguments
from datalake.glue.cost import Workers

pytestmark = pytest.mark.aws


def cfn_lint(template):
    lint = [Path(sys.executable).parent / "cfn-lint", template]
    told = subprocess.run(lint, capture_output=True, text=True, check=False)
    return told.stdout + told.stderr


@pytest.mark.parametrize("template", [*TEMPLATES, DEPLOYERS], ids=named)
def test_cfn_lint_finds_nothing(template):
    assert cfn_lint(template) == ""


def with_the_run_inside(definition):
    """A template that holds the state machine, which lies in the bucket, for the linter to see."""
    lake = resources(INFRA / "lake.yaml")["Run"]["Properties"]
    run = {
        "RoleArn": "arn:aws:iam::123456789012:role/run",
        "DefinitionSubstitutions": dict.fromkeys(lake["DefinitionSubstitutions"], "x"),
        "Definition": definition,
    }
    made = {"Run": {"Type": "AWS::StepFunctions::StateMachine", "Properties": run}}
    return json.dumps({"Resources": made})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({}, ""),
        ({"StartAt": "Nowhere"}, "Missing 'Next' target 'Nowhere'"),
    ],
)
def test_cfn_lint_finds_nothing_in_the_run(tmp_path, change, complaint):
    text = (INFRA / "state_machine.asl.yaml").read_text(encoding="utf-8")
    text = text.replace("${Partition}", "aws")
    template = tmp_path / "run.json"
    template.write_text(with_the_run_inside(yaml.safe_load(text) | change))
    told = cfn_lint(template)
    assert complaint in told
    assert bool(told) == bool(complaint), told


@pytest.mark.parametrize("name", ["storage", "deployers"])
def test_cloudformation_takes_it_as_it_is(name):
    """These two are made before there is a bucket to put a longer one into."""
    assert (INFRA / f"{name}.yaml").stat().st_size <= 51_200


def checkov(template):
    tool = TOOLS / "bin" / "checkov"
    if not tool.exists():
        pytest.skip(f"no {tool}; `make test-aws` puts it there")
    told = subprocess.run(
        [tool, "-f", template, "--framework", "cloudformation", "-o", "json", "--skip-download"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return json.loads(told.stdout)["results"]


@pytest.mark.parametrize("template", [*TEMPLATES, DEPLOYERS], ids=named)
def test_checkov_finds_nothing_that_is_not_argued(template):
    found = checkov(template)
    assert [(one["check_id"], one["resource"]) for one in found["failed_checks"]] == []
    assert len(found["passed_checks"]) > 5
    for skipped in found["skipped_checks"]:
        assert len(skipped["check_result"]["suppress_comment"].split()) > 5, skipped["resource"]


def test_checkov_does_find_a_public_bucket(tmp_path):
    broken = tmp_path / "storage.yaml"
    told = (INFRA / "storage.yaml").read_text(encoding="utf-8")
    broken.write_text(told.replace("BlockPublicAcls: true", "BlockPublicAcls: false"))
    assert [one["check_id"] for one in checkov(broken)["failed_checks"]] == ["CKV_AWS_53"]


def test_tmdb_bodies_are_gone_within_half_a_year_old_versions_too():
    rules = resources(INFRA / "storage.yaml")["LakeBucket"]["Properties"]["LifecycleConfiguration"]
    (bodies,) = [rule for rule in rules["Rules"] if rule["Id"] == "tmdb-bodies"]
    assert text(bodies["Prefix"]) == "${Prefix}/Raw/TMDB/JSON/"
    shortest_half_year = 181
    kept = bodies["ExpirationInDays"] + bodies["NoncurrentVersionExpiration"]["NoncurrentDays"]
    assert kept < shortest_half_year


def test_jobs_run_one_at_a_time_with_an_end_and_only_scale_down():
    jobs = {
        name: one["Properties"]
        for name, one in resources(INFRA / "lake.yaml").items()
        if one["Type"] == "AWS::Glue::Job"
    }
    assert set(jobs) == set(JOBS)
    for job in jobs.values():
        assert job["ExecutionProperty"]["MaxConcurrentRuns"] == 1
        assert text(job["Timeout"]) == "${JobMinutes}"
        assert job["DefaultArguments"]["--datalake-formats"] == "iceberg"
        assert job["DefaultArguments"]["--enable-metrics"] == "true"
        scales = job["DefaultArguments"].get("--enable-auto-scaling") == "true"
        assert (
            scales == (text(job["NumberOfWorkers"]) == "${Workers}")
            if scales
            else job["NumberOfWorkers"] == 2
        )


def test_jobs_log_to_the_groups_that_have_a_retention_and_go_with_the_stack():
    lake = resources(INFRA / "lake.yaml")
    groups = {
        text(one["Properties"]["LogGroupName"]): one
        for one in lake.values()
        if one["Type"] == "AWS::Logs::LogGroup"
    }
    for job in JOBS:
        arguments = lake[job]["Properties"]["DefaultArguments"]
        assert not [name for name in arguments if name.startswith("--continuous-log")]
        for end in ("output", "error"):
            group = groups[f"{text(arguments['--custom-logGroup-prefix'])}/{end}"]
            assert group["DeletionPolicy"] == "Delete"
            assert text(group["Properties"]["RetentionInDays"]) == "${LogDays}"


@pytest.mark.parametrize("path", [*TEMPLATES, INFRA / "state_machine.asl.yaml"], ids=named)
def test_no_arn_names_a_partition(path):
    assert re.findall(r"arn:aws[^}]*?:", path.read_text(encoding="utf-8")) == []


def test_data_is_kept_but_for_a_creation_that_failed():
    for name, resource in resources(INFRA / "storage.yaml").items():
        if resource["Type"] != "AWS::S3::BucketPolicy":
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate", name


def test_job_retries_outlast_the_longest_job():
    text = (INFRA / "state_machine.asl.yaml").read_text(encoding="utf-8")
    busy, *_ = yaml.safe_load(text)["States"]["Trusted"]["Retry"]
    assert busy["ErrorEquals"] == ["Glue.ConcurrentRunsExceededException"]
    template = loads((INFRA / "lake.yaml").read_text(encoding="utf-8"))
    longest = template["Parameters"]["JobMinutes"]["MaxValue"]
    assert busy["BackoffRate"] == 1
    assert busy["IntervalSeconds"] * busy["MaxAttempts"] >= longest * 60


JOBS = {
    "TrustedJob": "trusted",
    "RefinedJob": "refined",
    "AnswersJob": "answers",
    "ReportJob": "report",
    "MaintainJob": "maintain",
}


def handed(resource, *of, **changed):
    """What the resource's property `of` holds where the stack's parameters are so set."""
    template = loads((INFRA / "lake.yaml").read_text(encoding="utf-8"))
    values = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}
    values |= {"Bucket": "films", "AWS::Region": "sa-east-1"} | changed
    held = reduce(getitem, of, template["Resources"][resource]["Properties"])
    return {
        name: re.sub(r"\$\{(.*?)\}", lambda found: values.get(found[1], ""), text(value))
        for name, value in held.items()
        if name != "--dpu-hour-price"  # not there unless it is set
    }


def handed_to(job, **changed):
    """The settings and workers that the job makes of its arguments."""
    arguments = handed(job, "DefaultArguments", **changed)
    arguments |= {"--day": "2026-11-01"} if job != "MaintainJob" else {}
    words = ["--JOB_NAME", job, "--TempDir", "s3://x/"]
    return parse_arguments([*words, *chain.from_iterable(arguments.items())], JOBS[job])


def handed_to_lambda(**changed):
    """The settings that the Lambda makes of its variables."""
    variables = handed("EnrichFunction", "Environment", "Variables", TokenSecret="s", **changed)
    return Invocation.of({}, variables).settings


def test_films_series_and_genres_are_the_same_to_all_that_build_the_lake():
    parameters = {"FilmTypes": "tvMovie,movie", "SeriesTypes": "tvSeries", "Genres": "War"}
    assert {job: handed_to(job, **parameters)[0].genres for job in JOBS} == {
        **dict.fromkeys(JOBS, ("War",)),
        "MaintainJob": ("Crime", "War"),  # it asks for no title
    }
    for settings in (handed_to("TrustedJob", **parameters)[0], handed_to_lambda(**parameters)):
        assert settings.genres == ("War",)
        assert (settings.film_types, settings.series_types) == (("tvMovie", "movie"), ("tvSeries",))


def test_films_and_series_that_nobody_chose_are_those_of_the_options():
    for settings in (handed_to("TrustedJob")[0], handed_to_lambda()):
        assert settings.film_types == options.FILM_TYPES.default
        assert settings.series_types == options.SERIES_TYPES.default
        assert settings.genres == options.GENRES.default


@pytest.mark.parametrize("name", ["FilmTypes", "SeriesTypes"])
def test_types_are_names_by_comma(name):
    pattern = loads((INFRA / "lake.yaml").read_text())["Parameters"][name]["AllowedPattern"]
    assert all(re.fullmatch(pattern, words) for words in ("movie", "movie,tvMovie"))
    assert not any(re.fullmatch(pattern, words) for words in ("", ",", "movie, tvMovie", "movie,"))


@pytest.mark.parametrize("job", JOBS)
def test_each_job_understands_what_it_is_handed(job):
    settings, workers = handed_to(job)
    assert (settings.lake.root, settings.lake.aws.region) == ("s3://films/lake", "sa-east-1")
    assert workers == Workers("G.1X", 2, 0.69)
    if job != "MaintainJob":
        assert settings.genres == ("Crime", "War")
        assert str(settings.day) == "2026-11-01"


def test_tmdb_figures_in_tables_are_gone_within_half_a_year_old_versions_too():
    from datalake.core.options import REFRESH_AFTER
    from datalake.spark.loads import LOADS_KEPT

    job = (ROOT / "jobs" / "maintain_lake.py").read_text(encoding="utf-8")
    snapshots = int(re.findall(r"keep_days=(\d+), keep=1\)", job)[0])
    rules = resources(INFRA / "storage.yaml")["LakeBucket"]["Properties"]["LifecycleConfiguration"]
    versions = {
        text(rule["Prefix"]): rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules["Rules"]
        if rule["Id"].endswith("-versions") and "Prefix" in rule
    }
    assert set(versions) == {f"${{Prefix}}/{layer}/" for layer in ("Trusted", "Refined", "Answers")}
    weeks = 7 + 7  # upkeep comes weekly: once for the load, once for the snapshot that had it
    age = REFRESH_AFTER.default.days + LOADS_KEPT.days + snapshots + weeks + max(versions.values())
    assert age < 181


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_a_key_of_one_s_own_reaches_all_that_is_at_rest(template):
    places = {
        "AWS::S3::Bucket": "BucketEncryption",
        "AWS::SecretsManager::Secret": "KmsKeyId",
        "AWS::Logs::LogGroup": "KmsKeyId",
        "AWS::Lambda::Function": "KmsKeyArn",
        "AWS::SQS::Queue": "KmsMasterKeyId",
        "AWS::SNS::Topic": "KmsMasterKeyId",
        "AWS::Athena::WorkGroup": "WorkGroupConfiguration",
    }
    for name, resource in resources(template).items():
        if place := places.get(resource["Type"]):
            chosen = {"Fn::If": ["HasKey", {"Ref": "KmsKey"}, {"Ref": "AWS::NoValue"}]}
            assert json.dumps(chosen) in json.dumps(resource["Properties"][place]), name


def test_a_run_starts_on_what_ingestion_writes_last():
    from datalake.sources.ingestion import INGESTED

    pattern = resources(INFRA / "lake.yaml")["NewFiles"]["Properties"]["EventPattern"]
    assert listed(pattern["detail"]["object"]["key"]) == [f"${{Prefix}}/{INGESTED}"]


def test_each_metric_is_of_a_figure_that_is_logged():
    """A filter on a message or a field that nobody logs would be silent for ever."""
    from datalake.enrichment.summary import Summary
    from datalake.pipeline.freshness import lake_figures

    empty = {"source_files": [], "tmdb": {"newest_run": None}, "tables": []}
    summary = json.loads(Summary(datetime.now(UTC)).to_json())
    logged = {
        "done": {"$.seconds", "$.usd"},
        "lake": {f"$.{name}" for name in lake_figures(empty)},
        "enriched": {f"$.figures.{name}" for name in summary},
    }
    shown = resources(INFRA / "lake.yaml")
    metrics = [one["Properties"] for one in shown.values() if one["Type"].endswith("MetricFilter")]
    for metric in metrics:
        message = re.fullmatch(r'{ \$\.message = "(.*)" }', metric["FilterPattern"])[1]
        (made,) = metric["MetricTransformations"]
        assert made["MetricValue"] in logged[message]
        assert f'"{made["MetricName"]}"' in text(
            shown["Dashboard"]["Properties"]["DashboardBody"]
        ) or (made["MetricName"] == "JobSeconds")
    assert len(metrics) == 9
