"""Spark's side of AWS's faults: transient ones pass, others are one line and change nothing."""

import os
import subprocess
import sys
from dataclasses import replace

import boto3
import pytest
from support.faulty import RESET, faulty, glue_error, s3_error
from support.lakes import rows_of, tables_of
from support.ministack import REGION
from support.on_aws import bucket, emulated, lake_on
from support.paths import ROOT
from support.source_files import write_source

from datalake.core.errors import LakeError
from datalake.schemas import Table
from datalake.schemas.table import columns
from datalake.spark.errors import translate_errors
from datalake.spark.readers import read_json_lines
from datalake.spark.tables import Tables

pytestmark = pytest.mark.aws

JOBS = ROOT / "jobs"

FILMS = Table(
    "Trusted", "films", "One row per film.", ("name",),
    columns(("name", "string", "What it's called")),
)  # fmt: skip


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory):
    with emulated(tmp_path_factory.mktemp("aws")) as address, faulty(address) as (url, faults):
        bucket("films-faults")
        yield url, faults


@pytest.fixture(scope="module")
def tables(behind_a_proxy):
    """Tables of a lake whose every request goes through the proxy."""
    settings = lake_on("films-faults", "faults_", behind_a_proxy[0])
    tables = tables_of(settings)
    publish(tables, "Old")
    return tables


@pytest.fixture
def faults(behind_a_proxy):
    faults = behind_a_proxy[1]
    faults.rules.clear()
    yield faults
    faults.rules.clear()


def publish(tables, name):
    with translate_errors(tables.lake), tables.step():
        tables.stage(FILMS, tables.spark.sql(f"SELECT '{name}' AS name"))


def names(tables):
    return [row["name"] for row in rows_of(tables, FILMS)]


FAULTS = {
    "no permission to write": (
        (s3_error(403, "AccessDenied"), "PUT", "/Trusted/"),
        "access is denied; the role lacks this permission",
    ),
    "an expired token at S3": (
        (s3_error(400, "ExpiredToken"), "PUT", "/Trusted/"),
        "the AWS credentials have expired; sign in again",
    ),
    "an expired token at Glue": (
        (glue_error(400, "ExpiredTokenException"), "POST", "", "AWSGlue"),
        "the AWS credentials have expired; sign in again",
    ),
    "no permission in the catalog": (
        (glue_error(400, "AccessDeniedException"), "POST", "", "AWSGlue.UpdateTable"),
        "access is denied; the role lacks this permission",
    ),
    "a catalog that is down": (
        (glue_error(503, "ServiceUnavailableException"), "POST", "", "AWSGlue"),
        "AWS asks to slow down, after 6 tries still",
    ),
    "a catalog that can't be reached": (
        (RESET, "POST", "", "AWSGlue"),
        "AWS can't be reached; check the network",
    ),
}


@pytest.mark.parametrize(("rule", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_one_line_and_the_table_stays(tables, faults, rule, message):
    before = names(tables)
    faults.add(*rule)
    with pytest.raises(LakeError, match=f"^s3://films-faults/lake: .*{message}") as raised:
        publish(tables, "New")
    assert "\n" not in str(raised.value)
    faults.rules.clear()
    assert names(tables) == before
    assert tables.lake.storage.list("Publishing") == ["Publishing/tables.lease.json"]


def test_what_passes_is_tried_again(tables, faults):
    faults.add(s3_error(503, "SlowDown"), "PUT", "/Trusted/", times=2)
    faults.add(s3_error(503, "SlowDown"), "GET", "/metadata/", times=2)
    faults.add(glue_error(400, "ThrottlingException"), "POST", "", "AWSGlue", times=1)
    faults.add(RESET, "POST", "", "AWSGlue", times=1)
    publish(tables, "After all")
    assert names(tables) == ["After all"]


def test_a_stale_version_of_the_catalog_is_tried_again(tables, faults):
    stale = glue_error(400, "ConcurrentModificationException")
    faults.add(stale, "POST", "", "AWSGlue.UpdateTable", times=1)
    publish(tables, "After another")
    assert names(tables) == ["After another"]


def test_raw_that_may_not_be_read_is_one_line(tables, faults):
    key = "Raw/TMDB/JSON/Movies/2026/01/10/part.jsonl.gz"
    with tables.lake.storage.create(key) as file:
        file.write(b"{}\n")
    faults.add(s3_error(403, "AccessDenied"), "", "/Raw/")
    with pytest.raises(LakeError, match="access is denied"), translate_errors(tables.lake):
        read_json_lines(tables.spark, tables.lake, [key], "a int, b string", "b").collect()


def test_what_spark_writes_is_encrypted_as_it_is_set(tables):
    settings = lake_on("films-faults", "kms_", tables.lake.aws.s3_endpoint, "kms")
    aws = replace(settings.lake.aws, encryption="aws:kms", kms_key="alias/lake")
    own = tables_of(replace(settings, lake=replace(settings.lake, aws=aws)))
    publish(own, "Secret")
    keys = own.lake.storage.list("Trusted/films")
    s3 = boto3.client("s3", REGION)
    heads = [s3.head_object(Bucket="films-faults", Key=f"kms/{key}") for key in keys]
    assert len(keys) > 3
    assert {(head["ServerSideEncryption"], head["SSEKMSKeyId"]) for head in heads} == {
        ("aws:kms", "alias/lake")
    }


def test_a_job_s_fault_is_one_line_and_exit_status_1(tables, tmp_path):
    write_source(tmp_path)
    words = ("--lake", "s3://no-such-bucket/lake", "--source", str(tmp_path))
    ran = subprocess.run(
        [sys.executable, JOBS / "ingest_raw.py", *words],
        env=os.environ | {"PYTHONPATH": str(JOBS.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    last = ran.stderr.splitlines()[-1]
    assert last.startswith("datalake: s3://no-such-bucket/lake/Raw/")
    assert ": there is no such bucket; create it, or check --lake" in last
    assert "Traceback" not in ran.stderr


def test_a_missing_bucket_is_one_line(tables):
    lost = lake_on("no-such-bucket", "lost_", tables.lake.aws.s3_endpoint)
    with pytest.raises(LakeError, match="there is no such bucket; create it, or check --lake"):
        Tables(tables.spark, lost.lake).recover()
