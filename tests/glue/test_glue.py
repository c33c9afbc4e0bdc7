"""The jobs' adapter: arguments as Glue and spark-submit give them, cost, Glue's own package."""

from contextlib import nullcontext
from datetime import date
from typing import ClassVar

import pytest
from awsglue.utils import GlueArgumentError, getResolvedOptions

from datalake.cli.main import cli
from datalake.core.errors import SettingsError
from datalake.core.options import STEPS
from datalake.glue.arguments import GLUE_ARGUMENTS, job_options, parse_arguments
from datalake.glue.cost import Workers, describe_cost

ALL = {option for step in STEPS for option in job_options(step)}
# As a job of Glue 5 sees them; the last ones are what the console adds.
OF_A_GLUE_JOB = [
    "--job-bookmark-option", "job-bookmark-disable",
    "--JOB_ID", "j_1", "true",
    "--JOB_NAME", "build_trusted",
    "--JOB_RUN_ID", "jr_1",
    "--TempDir", "s3://films/tmp/",
    "--enable-metrics", "",
    "--enable-auto-scaling=true",
    "--datalake-formats", "iceberg",
    "--conf", "spark.sql.x=y",
    "--extra-py-files", "s3://films/code/datalake.whl",
    "--additional-python-modules", "altair>=5.5,<7",
    "--continuous-log-logGroup", "/aws-glue/jobs",
    "--scriptLocation", "s3://films/code/build_trusted.py",
]  # fmt: skip


def parsed(*words):
    return parse_arguments(words, "trusted")


@pytest.mark.parametrize(
    "words",
    [
        ["--lake", "s3://films/lake", "--max-bad-share", "0.2", "--day", "2026-01-31"],
        ["--lake=s3://films/lake", "--max-bad-share=0.2", "--day=2026-01-31"],
        [*OF_A_GLUE_JOB, "--lake", "s3://films/lake", "--day=2026-01-31", "--max-bad-share", ".2"],
    ],
)
def test_arguments_are_the_command_line_s(words):
    settings, _ = parsed(*words)
    assert (settings.lake.root, settings.day) == ("s3://films/lake", date(2026, 1, 31))
    assert settings.max_bad_share == 0.2


def test_what_is_not_given_or_empty_is_the_default():
    settings, workers = parsed("--lake", "lake", "--day", "", "--genres=", "--workers", "")
    defaults = (settings.day, settings.genres, settings.max_bad_share)
    assert defaults == (None, ("Crime", "War"), 0.01)
    assert workers == Workers(None, None, 0.44)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "--lake is missing"),
        (["--lake", ""], "--lake is missing"),
        (["--lake"], "argument --lake: expected one argument"),
        (["--lake", "x", "--sauce", "y"], "--sauce: no such argument; there are --lake, "),
        (["--lake", "x", "--genre=Crime"], "--genre: no such argument"),
        (["--lake", "x", "--max-bad", "1"], "--max-bad: no such argument"),
        (["--lake", "x", "Crime"], "Crime: no such argument"),
        (["--lake", "x", "--day", "today"], "--day today: not a day such as 2026-01-31"),
        (["--lake", "x", "--max-bad-share", "few"], "--max-bad-share few: not a share"),
        (["--lake", "x", "--workers", "0"], "--workers 0: not a number from 1 on"),
        (["--lake", "x", "--dpu-hour-price", "nan"], "--dpu-hour-price nan: not a number above 0"),
    ],
)
def test_a_wrong_argument_is_named(words, message):
    with pytest.raises(SettingsError, match=f"^{message}"):
        parsed(*words)


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        (["--library-set", "none", "--GLUE_VERSION", "5.1"], ""),
        (["--custom-logGroup-prefix", "/datalake/jobs"], ""),
        (["--python-modules-installer-option", "--no-index"], ""),
        (["--something-new", "x", "--another=y"], "--something-new, --another; this job knows --l"),
    ],
)
def test_on_glue_an_unknown_argument_is_passed_over_with_one_warning(words, warned, caplog):
    settings, _ = parsed(*OF_A_GLUE_JOB, *words, "--lake", "s3://films/lake")
    assert settings.lake.root == "s3://films/lake"
    assert [warned in record.getMessage() for record in caplog.records] == [True] * bool(warned)


def test_on_glue_a_bad_value_is_still_an_error():
    with pytest.raises(SettingsError, match=r"^--day today: not a day"):
        parsed(*OF_A_GLUE_JOB, "--lake", "x", "--day", "today")


def test_no_name_of_ours_is_the_start_of_another_or_like_one_of_glue_s():
    names = [option.name for option in ALL]
    assert [(a, b) for a in names for b in names if a != b and b.startswith(a)] == []
    assert [name for name in names if GLUE_ARGUMENTS.match(f"--{name}")] == []


def test_the_jobs_options_are_the_command_line_s():
    theirs = {word for command in cli.commands.values() for p in command.params for word in p.opts}
    of_glue_alone = {"--region", "--worker-type", "--workers", "--dpu-hour-price"}
    assert {f"--{option.name}" for option in ALL} - theirs == of_glue_alone


def test_glue_s_own_resolver_reads_what_ours_reads():
    words = ["build_trusted.py", *OF_A_GLUE_JOB, "--lake", "s3://films/lake", "--genres=War"]
    theirs = getResolvedOptions(words, ["JOB_NAME", "lake", "genres"])
    ours = parsed(*words[1:]).settings
    assert (theirs["lake"], theirs["genres"]) == (ours.lake.root, ",".join(ours.genres))
    assert theirs["JOB_NAME"] == "build_trusted"
    with pytest.raises(GlueArgumentError):  # with it, every option would have to be given
        getResolvedOptions(words, ["lake", "day"])


def test_off_glue_its_runtime_is_not_there_and_not_asked_for(spark):
    from awsglue.context import GlueContext

    from datalake.spark.external_session import GLUE_JOB, has_class

    assert not has_class(GLUE_JOB)
    assert has_class("org.apache.iceberg.spark.SparkCatalog")
    with pytest.raises(TypeError, match="JavaPackage"):
        GlueContext(spark.sparkContext)


class FakeGlueJob:
    """Glue's Job as its package wraps it: told what a job does, in order."""

    calls: ClassVar = []

    def __init__(self, spark):
        pass

    def init(self, name, args):
        self.calls.append(("init", name, args["JOB_RUN_ID"]))

    def commit(self):
        self.calls.append(("commit",))


@pytest.mark.parametrize("fails", [False, True])
def test_on_glue_a_job_begins_and_only_a_good_one_ends(monkeypatch, fails):
    from datalake import glue

    monkeypatch.setattr("datalake.spark.external_session.has_class", lambda name: True)
    monkeypatch.setattr("awsglue.job.Job", FakeGlueJob)
    FakeGlueJob.calls = []
    outcome = pytest.raises(KeyError) if fails else nullcontext()
    with outcome, glue._glue_job(None, ["x.py", *OF_A_GLUE_JOB]):
        _ = {}["x"] if fails else None
    ended = [] if fails else [("commit",)]
    assert FakeGlueJob.calls == [("init", "build_trusted", "jr_1"), *ended]


@pytest.mark.parametrize(
    ("worker", "workers", "seconds", "price", "message"),
    [
        # 2 DPU × 0.1 h × 0.44
        ("G.1X", 2, 360, 0.44, "cost: at most USD 0.0880 (j: 2 × G.1X, 360 s, USD 0.44 a DPU-hour"),
        ("G.2X", 3, 1800, 0.5, "cost: at most USD 1.5000 (j: 3 × G.2X"),
        ("G.025X", 4, 3600, 0.44, "cost: at most USD 0.4400 "),
        ("G.1X", 60, 1, 0.44, "cost: at most USD 0.4400 "),  # a minute is charged at least
        ("Z.9X", 2, 90, 0.44, "cost: unknown (j: 2 × Z.9X"),
        (None, None, 90, 0.44, "cost: none on Glue (j: local, 90 s)"),
    ],
)
def test_cost_is_workers_by_time_by_price(worker, workers, seconds, price, message):
    assert describe_cost("j", seconds, Workers(worker, workers, price)).startswith(message)


@pytest.mark.parametrize(
    ("words", "price"),
    [
        (["--region", "us-east-1"], 0.44),
        (["--region", "sa-east-1"], 0.69),
        (["--region", "sa-east-1", "--dpu-hour-price", "0.5"], 0.5),
        (["--region", "xx-new-9"], 0.69),
        ([], 0.44),
    ],
)
def test_the_price_is_the_region_s(words, price):
    assert parsed("--lake", "s3://films/lake", *words).workers.dpu_hour_price == price
