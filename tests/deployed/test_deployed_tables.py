"""What the deployed jobs made on S3 and the Glue catalog: a folder's tables, row by row."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from support.glue_run import BUCKET, DAY
from support.lakes import held, settings_at, tables_of
from support.ministack import REGION
from support.on_aws import lake_on
from support.paths import ROOT

from datalake.core.errors import LakeError
from datalake.core.lake import DATABASE_PREFIX, Lake
from datalake.demo.replay import load_bodies
from datalake.demo.server import TmdbServer
from datalake.pipeline.answers import build_answers
from datalake.pipeline.refined import build_refined
from datalake.pipeline.report import write_report
from datalake.pipeline.status import read_status
from datalake.pipeline.trusted import build_trusted
from datalake.questions.registry import TABLES
from datalake.schemas.trusted import QUARANTINE, TITLES
from datalake.spark import maintenance
from datalake.spark.maintenance import (
    delete_orphans,
    expire_snapshots,
    referenced_files,
    roll_back,
)
from datalake.spark.publishing import current_snapshot_id, load_table

pytestmark = pytest.mark.aws

TOKEN = "a-token-nobody-may-see"
BIN = Path(sys.executable).parent
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PATH": f"{BIN}:{os.environ['PATH']}",
    "PYSPARK_PYTHON": sys.executable,
    "TMDB_TOKEN": TOKEN,
}
COMMON = ("--day", DAY, "--JOB_NAME", "x", f"--TempDir=s3://{BUCKET}/tmp")


def job(program, name, *words):
    """Run a job by that program; the output's lines."""
    ran = subprocess.run(
        [*program, ROOT / "jobs" / f"{name}.py", *map(str, words)],
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    assert TOKEN not in ran.stdout + ran.stderr
    return ran.stdout.splitlines()


@pytest.fixture(scope="module")
def settings(deployed, calls):
    return lake_on(BUCKET, DATABASE_PREFIX, deployed)


@pytest.fixture(scope="module")
def tables(settings):
    return tables_of(settings)


@pytest.fixture(scope="module")
def folder(settings, tmp_path_factory):
    """The tables of a lake in a folder, of the same Raw."""
    home = tmp_path_factory.mktemp("folder")
    for key in settings.lake.storage.list("Raw"):
        (home / "lake" / key).parent.mkdir(parents=True, exist_ok=True)
        (home / "lake" / key).write_bytes(settings.lake.storage.open(key).read())
    # The job's own Spark is that of spark-submit: it has no jars but those of Spark.
    submit = [BIN / "spark-submit", "--master", "local[2]"]
    job(submit, "build_trusted", "--lake", home / "lake", *COMMON)
    local = settings_at(home / "lake")
    in_folder = tables_of(local)
    build_refined(in_folder, local)
    build_answers(in_folder, local)
    return in_folder


def test_a_job_with_nothing_new_ends_without_a_spark(tables, settings):
    before, began = read_status(settings.lake), time.monotonic()
    log = job([sys.executable], "build_trusted", "--lake", settings.lake.root, *COMMON)
    assert time.monotonic() - began < 60  # a job with nothing to do ends in its first minute
    assert log[-1].startswith("cost: none on Glue (build_trusted: local, ")
    assert read_status(settings.lake) == before


def test_the_enrichment_job_asks_for_no_title_again(settings):
    before = settings.lake.storage.list("Raw")
    with TmdbServer(load_bodies([]), TOKEN) as server:
        words = ("--lake", settings.lake.root, *COMMON, "--tmdb-url", server.url)
        log = job([sys.executable], "enrich_tmdb", *words)
    assert log[-1].startswith("cost: none on Glue (enrich_tmdb: local, ")
    assert server.requests.keys() <= {"movie/changes", "tv/changes"}
    assert settings.lake.storage.list("Raw") == before


def test_every_table_is_equal_to_the_folder_s(tables, folder):
    on_s3, local = held(tables), held(folder)
    assert None not in local.values()
    assert sum(rows.total() for rows in local.values()) > 3_000
    assert {name for name in local if on_s3[name] != local[name]} == set()


def test_tables_are_in_glue_s_databases_and_under_the_lake(tables, settings):
    glue = boto3.client("glue", REGION)
    for layer in ("Trusted", "Refined", "Answers"):
        tables_of_layer = glue.get_tables(DatabaseName=f"{DATABASE_PREFIX}{layer.lower()}")[
            "TableList"
        ]
        assert {table["Name"] for table in tables_of_layer} == {
            t.name for t in TABLES if t.layer == layer
        }
        for table in tables_of_layer:
            place = f"{settings.lake.root}/{layer}/{table['Name']}"
            assert table["StorageDescriptor"]["Location"] == place
            assert table["Parameters"]["metadata_location"].startswith(f"{place}/metadata/")


def test_status_tells_what_the_tables_hold(tables, settings):
    rows = {row["table"]: row["rows"] for row in read_status(settings.lake)["tables"]}
    assert rows == {f"{table.layer}.{table.name}": tables.read(table).count() for table in TABLES}


def test_the_page_is_written_into_the_lake_or_where_it_is_wanted(tables, settings):
    elsewhere = f"s3://{BUCKET}/p.html"
    chosen = replace(settings, output=elsewhere, language="pt-BR")
    assert write_report(tables.query, chosen).address == elsewhere
    s3 = boto3.client("s3", REGION)
    for key, language in (("lake/Report/index.html", b"en"), ("p.html", b"pt-BR")):
        page = s3.get_object(Bucket=BUCKET, Key=key)
        assert page["ContentType"] == "text/html"
        assert b'<html lang="%s"' % language in page["Body"].read()


def test_of_two_runs_at_once_one_publishes_and_the_other_fails_clearly(tables, settings):
    before = held(tables, ("Trusted",))
    snapshot = current_snapshot_id(load_table(tables.spark, tables.lake, tables.name(TITLES)))
    ours, theirs = tables_of(settings), tables_of(settings)
    for run in (ours, theirs):
        run.stage(TITLES, run.read(TITLES).limit(1))
        run.stage(QUARANTINE, run.read(QUARANTINE))
    ours.publish()
    message = r"another run has published lake\.datalake_trusted\.titles meanwhile; nothing was"
    with pytest.raises(LakeError, match=message):
        theirs.publish()
    assert tables.read(TITLES).count() == 1
    assert "Publishing/intent.json" not in settings.lake.storage.list("Publishing")
    roll_back(tables, "Trusted.titles", snapshot)
    assert held(tables, ("Trusted",)) == before


def test_a_run_beside_another_is_told_so_and_does_nothing(tables, settings):
    from datalake.core.lease import leased

    before = settings.lake.storage.list("Trusted")
    at_work = pytest.raises(LakeError, match=r"another run is at work \(refined, process \d+ on")
    with leased(settings.lake.storage, "tables", "refined"), at_work:
        build_trusted(tables, settings)
    assert settings.lake.storage.list("Trusted") == before


def test_a_stale_catalog_version_is_refused(tables, settings):
    iceberg = load_table(tables.spark, tables.lake, tables.name(QUARANTINE))
    operations = iceberg.operations()
    base = operations.refresh()
    iceberg.updateProperties().set("touched", "yes").commit()
    changed = tables.spark.sparkContext._jvm.org.apache.iceberg.TableMetadata.buildFrom(base)
    properties = tables.spark.sparkContext._jvm.java.util.HashMap()
    properties.put("touched", "stale")
    with pytest.raises(Exception, match="CommitFailedException"):
        operations.commit(base, changed.setProperties(properties).build())
    iceberg.refresh()
    assert iceberg.properties()["touched"] == "yes"


def test_a_table_goes_back_to_a_snapshot_and_old_ones_go(tables, settings, monkeypatch):
    before = current_snapshot_id(load_table(tables.spark, tables.lake, tables.name(TITLES)))
    tables.stage(TITLES, tables.read(TITLES).limit(1))
    tables.publish()
    roll_back(tables, "Trusted.titles", before)
    assert current_snapshot_id(load_table(tables.spark, tables.lake, tables.name(TITLES))) == before
    assert tables.read(TITLES).count() > 1

    files = settings.lake.storage.list("Trusted/titles/data")
    with settings.lake.storage.create("Trusted/titles/data/orphan.parquet") as file:
        file.write(b"left by a run that was killed")
    assert expire_snapshots(tables, TITLES, timedelta(0), 1) > 1
    assert len(settings.lake.storage.list("Trusted/titles/data")) < len(files)
    assert (
        delete_orphans(tables, TITLES, referenced_files(tables)) == []
    )  # it is too young: a run may be at work on it
    monkeypatch.setattr(maintenance, "ORPHANS_AFTER", timedelta(0))
    orphans = delete_orphans(tables, TITLES, referenced_files(tables))
    assert orphans == ["Trusted/titles/data/orphan.parquet"]
    assert tables.read(TITLES).count() > 1


def test_another_lake_of_the_account_does_not_get_these_tables(tables, settings, deployed):
    other = lake_on(BUCKET, DATABASE_PREFIX, deployed, "other")
    with pytest.raises(LakeError, match=r"titles is that of another lake, at s3://films-on-glue/l"):
        tables_of(other).read(TITLES)
    own = tables_of(lake_on(BUCKET, "other_", deployed, "other"))
    assert not own.has(TITLES)
    own.stage(TITLES, own.spark.createDataFrame(tables.read(TITLES).limit(3).collect(), TITLES.ddl))
    own.publish()
    assert own.read(TITLES).count() == 3
    assert tables.read(TITLES).count() > 3


def test_the_lake_by_its_address_alone_is_the_same(tables, settings):
    assert Lake(settings.lake.root).storage.list("Raw") == settings.lake.storage.list("Raw")
