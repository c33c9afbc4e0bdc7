"""A whole run as deployed, each job with Glue's own Python modules and its zip of wheels alone."""

import os
import subprocess
import sys

import boto3
import pytest
from support.glue_platform import environment
from support.glue_run import BUCKET, JOBS, LAKE
from support.ministack import REGION
from support.paths import ROOT
from support.permissions import allowed_by, permits

from datalake.core.settings import lake_at
from datalake.pipeline.status import read_status

pytestmark = pytest.mark.aws


@pytest.mark.parametrize("role", ["IngestPolicy", "EnrichRole"])
def test_ingestion_and_the_function_ask_nothing_that_they_may_not(prepared, role):
    calls, allowed = prepared[1][role], allowed_by(role)
    assert {action for action, _ in calls} >= {"s3:PutObject", "s3:ListBucket"}
    missing = {call for call in calls if not any(permits(one, call, "lake") for one in allowed)}
    assert missing == set()


def test_ingestion_and_the_function_may_do_nothing_that_they_never_ask(prepared):
    for role, calls in prepared[1].items():
        asked_for = {action for action, _ in calls} | set(NEVER_IN_A_GOOD_RUN)
        unused = {action for action, _ in allowed_by(role)} - asked_for
        assert unused == set(), role


def test_glue_itself_lacks_what_the_zips_bring():
    python = environment() / "bin" / "python"
    code = "import importlib.util as u; print([n for n in {} if u.find_spec(n)])"
    names = ["boto3", "numpy", "pyspark", "awsglue", "scipy", "altair", "click", "rich", "datalake"]
    command = [python, "-c", code.format(names)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout
    assert found == "['boto3', 'numpy', 'pyspark', 'awsglue']\n"


def test_no_module_of_glue_is_replaced(jobs):
    modules = (ROOT / "infra/glue/5.1/modules.txt").read_text(encoding="utf-8").splitlines()[1:]
    for python in {job.python for job in jobs.values()}:
        listed = [python, "-m", "pip", "list", "--format=freeze"]
        frozen = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.lower()
        versions = set(frozen.replace("_", "-").split())
        missing = {pin for pin in modules if pin.lower().replace("_", "-") not in versions}
        assert missing == set()


@pytest.mark.parametrize(
    ("job", "lacks"),
    [("trusted", {"scipy", "altair"}), ("refined", {"scipy", "altair"}), ("answers", {"altair"})],
)
def test_a_job_gets_no_more_than_it_needs(jobs, job, lacks):
    code = f"import importlib.util as u; print([n for n in {sorted(lacks)} if u.find_spec(n)])"
    assert jobs[job].python_says(code).stdout == "[]\n"


@pytest.mark.parametrize("job", JOBS)
def test_what_a_job_imports_is_there(jobs, job):
    script = jobs[job].script.name
    code = f"import runpy; runpy.run_path({script!r}, run_name='x'); import datalake.spark.opening"
    assert jobs[job].python_says(code).stderr == ""


def test_without_its_zip_the_answers_do_not_import():
    command = [environment() / "bin" / "python", "-c", "import datalake.statistics.correlation"]
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError: No module named 'scipy'" in done.stderr


def test_a_whole_run_goes_through(calls):
    rows = {one["table"]: one["rows"] for one in read_status(lake_at(LAKE, None, REGION))["tables"]}
    assert rows["Refined.dim_title"] > 0
    assert min(rows[name] for name in rows if name.startswith("Answers.")) > 0
    page = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key="lake/Report/index.html")
    assert b"<html" in page["Body"].read()


def test_smoke_sees_what_the_run_has_made(calls):
    program = [sys.executable, ROOT / "scripts" / "smoke.py", "--region", REGION]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    for line in ("Each layer has tables, and they lie in the bucket", "The page is there and of"):
        assert f"ok      {line}" in done.stdout
    assert "FAILED  The newest finished execution succeeded: none has finished" in done.stdout


@pytest.mark.parametrize("job", JOBS)
def test_a_job_asks_nothing_that_its_role_may_not(calls, job):
    allowed = allowed_by(f"{job.capitalize()}Role")
    assert calls[job]
    missing = {
        call for call in calls[job] if not any(permits(one, call, "lake") for one in allowed)
    }
    assert missing == set()


# Permitted, and never asked for in a run that goes well, by what it is for.
NEVER_IN_A_GOOD_RUN = {
    "s3:AbortMultipartUpload": "an upload that was cut",
    "s3:DeleteObject": "upkeep, once something is old enough; what is being published",
    "s3:ListBucketMultipartUploads": "a file so long that it goes up in parts",
    "s3:ListMultipartUploadParts": "an upload that was cut",
    "s3:GetBucketLocation": "Glue's own start of a job",
    "glue:GetTables": "`datalake status` by an operator, who has the same policy",
    "logs:CreateLogGroup": "Glue itself",
    "logs:CreateLogStream": "Glue itself",
    "logs:PutLogEvents": "Glue itself",
    "cloudwatch:PutMetricData": "Glue itself",
}


# The script and the wheels Glue itself fetches; the rows of a run that is refused; responses that
# have grown too old; the source that this lake has not.
NEVER_TOUCHED_IN_A_GOOD_RUN = ("code/*", "Quarantine/*", "Raw/TMDB/*", "Raw/IMDb/*")


def test_no_role_may_what_its_jobs_never_ask_for(calls):
    allowed = {pair for job in JOBS for pair in allowed_by(f"{job.capitalize()}Role")}
    every = set().union(*calls.values())
    unused = {
        (action, resource)
        for action, resource in allowed
        if action not in NEVER_IN_A_GOOD_RUN
        and not resource.endswith(NEVER_TOUCHED_IN_A_GOOD_RUN)
        and not any(permits((action, resource), call, "lake") for call in every)
    }
    assert unused == set()
