"""The whole pipeline on S3 and the Glue catalog, by the jobs; equal to a folder's, row by row."""

import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from lakes import held, lake_at, tables_of
from ministack import environment, ministack

from datalake.base.lake import Lake
from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE, write_sample
from datalake.demo.server import TmdbServer

pytestmark = pytest.mark.aws

JOBS = Path(__file__).parent.parent / "jobs"
DAY = "2026-01-10"
TOKEN = "a-token-nobody-may-see"


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    """MiniStack in this process's environment; nothing else of AWS is in it."""
    with pytest.MonkeyPatch.context() as patch, ministack(tmp_path_factory.mktemp("aws")) as port:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in environment(port).items():
            patch.setenv(name, value)
        yield boto3.client("s3", region_name=environment(port)["AWS_REGION"])


@pytest.fixture(scope="module")
def bucket(aws):
    aws.create_bucket(
        Bucket="films", CreateBucketConfiguration={"LocationConstraint": aws.meta.region_name}
    )
    return "films"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("sample"), 400).folder


@pytest.fixture(scope="module")
def tmdb(sample):
    with TmdbServer(load_bodies([sample / BODIES_FILE]), TOKEN) as server:
        yield server


def job(name, *words, **more):
    """Run a job as `python jobs/NAME.py`; its exit status, output and errors."""
    ran = subprocess.run(
        [sys.executable, JOBS / f"{name}.py", *map(str, words)],
        env=os.environ | {"PYTHONPATH": str(JOBS.parent)} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return ran.returncode, ran.stdout, ran.stderr


def pipeline(lake, sample, tmdb):
    common = ("--lake", lake, "--day", DAY, "--JOB_NAME", "x", "--TempDir=s3://films/tmp")
    steps = {
        "ingest_raw": ("--source", sample),
        "enrich_tmdb": ("--tmdb-url", tmdb.url, "--rate", 1000),
        "build_trusted": ("--max-bad-share=0.01",),
        "build_refined": (),
        "build_answers": (),
        "build_report": ("--language", "pt-BR"),
    }
    for name, words in steps.items():
        status, output, errors = job(name, *common, *words, TMDB_TOKEN=TOKEN)
        assert status == 0, errors
        assert output.splitlines()[-1].startswith("cost: ")
        assert TOKEN not in output + errors


@pytest.fixture(scope="module")
def lake(bucket, sample, tmdb):
    """The lake on S3, made by the jobs."""
    root = f"s3://{bucket}/lake"
    pipeline(root, sample, tmdb)
    return Lake(root)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, sample, tmdb):
    """The lake in a folder, made by the same jobs."""
    root = tmp_path_factory.mktemp("folder") / "lake"
    pipeline(root, sample, tmdb)
    return root


def test_every_table_is_equal_to_the_folder_s(aws, lake, folder, spark):
    on_s3, local = held(tables_of(lake_at(lake.root))), held(tables_of(lake_at(folder)))
    assert None not in local.values()
    times = {"tmdb_titles", "tmdb_coverage"}
    assert {name for name in local if on_s3[name] != local[name]} <= times
    assert {name: rows.total() for name, rows in on_s3.items()} == {
        name: rows.total() for name, rows in local.items()
    }
