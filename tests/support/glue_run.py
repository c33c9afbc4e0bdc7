"""A lake on emulated AWS as deployed, ready for its jobs: files in Raw, TMDB asked."""

import os
import subprocess
import sys
from contextlib import contextmanager

import boto3
from support.faulty import faulty
from support.glue_platform import GlueJob
from support.ministack import REGION
from support.on_aws import emulated
from support.paths import ROOT
from support.permissions import asked

from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE, write_sample
from datalake.demo.server import TmdbServer

BUCKET = "films-on-glue"
LAKE = f"s3://{BUCKET}/lake"
DAY = "2026-01-10"
JOBS = ("trusted", "refined", "answers", "report", "maintain")

# The function as deployed: its handler, called once, with its variables.
INVOKE = """
import types
from jobs.enrich_lambda import handler
context = types.SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000)
assert handler({"day": "%s"}, context)["done"]
"""


def script(folder, name, *words, **variables):
    """What a program of the project prints; it has to succeed."""
    program = [sys.executable, ROOT / folder / f"{name}.py", *map(str, words)]
    own = {"PYTHONPATH": str(ROOT)} | variables
    done = subprocess.run(
        program, env=os.environ | own, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def deployed_lake(folder, *settings):
    """The emulator's address, and what ingestion and the function asked of AWS, by their role."""
    seen = {}
    (folder / "aws").mkdir()
    with emulated(folder / "aws") as endpoint:
        script("scripts", "deploy", "--bucket", BUCKET, "--region", REGION, *settings)
        sample = write_sample(folder / "sample", 200).folder
        with faulty(endpoint) as (address, proxy):
            words = ("--lake", LAKE, "--region", REGION, "--day", DAY, "--source", sample)
            script("jobs", "ingest_raw", *words, AWS_ENDPOINT_URL=address)
            seen["IngestPolicy"] = asked(proxy.seen)
        secret = "datalake-storage/tmdb-token"
        boto3.client("secretsmanager", REGION).put_secret_value(SecretId=secret, SecretString="t")
        with (
            TmdbServer(load_bodies([sample / BODIES_FILE]), "t") as server,
            faulty(endpoint) as (address, proxy),
        ):
            own = {"TMDB_URL": server.url, "TMDB_SECRET_ID": secret, "DATALAKE_LAKE": LAKE}
            own |= {"AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": REGION}
            own |= {"PYTHONPATH": str(ROOT), "DATALAKE_RATE": "1000"}
            subprocess.run(
                [sys.executable, "-c", INVOKE % DAY], env=os.environ | own, check=True, timeout=300
            )
            seen["EnrichRole"] = asked(proxy.seen)
        yield endpoint, seen


def installed_jobs(names, folder):
    """Each job by its name, with its modules; jobs with the same zip have one environment."""
    glue, s3 = boto3.client("glue", REGION), boto3.client("s3", REGION)
    jobs, pythons = {}, {}
    for name in names:
        definition = glue.get_job(JobName=f"datalake-{name}")["Job"]
        job = jobs[name] = GlueJob(definition, folder / name, s3)
        if job.modules not in pythons:
            installed = job.install()
            assert installed.returncode == 0, installed.stderr
            pythons[job.modules] = job.python
        job.python = pythons[job.modules]
    return jobs


def run_job(job, name, endpoint):
    """What a job asked of AWS in a run that goes through."""
    day = {} if name == "maintain" else {"--day": DAY}
    with faulty(endpoint) as (address, proxy):
        done = job.run(address, **day)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    assert "cost: at most USD 0." in done.stdout
    return asked(proxy.seen)
