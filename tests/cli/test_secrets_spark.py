"""No command that needs Spark, on a folder or on S3, shows or stores a secret."""

import json

import pytest
from support.command import call
from support.marks import MARKS, TOKEN, files_with_marks, marks_in
from support.on_aws import bucket, emulated
from support.paths import ROOT

from datalake.core.lake import Lake
from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE, write_sample
from datalake.demo.server import TmdbServer
from datalake.sql.connection import connect

LOG_ALL = "import logging\nlogging.basicConfig(level=logging.DEBUG)\n"
SECRETS = ("TMDB_TOKEN", "TMDB_API_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@pytest.fixture
def run(tmp_path):
    """Runs a command with every secret set and Spark's events logged; what it printed."""
    for name in ("conf", "events", "tmp", "cache", "debug"):
        (tmp_path / name).mkdir()
    defaults = (ROOT / "tests/support/spark-conf/spark-defaults.conf").read_text()
    (tmp_path / "conf/spark-defaults.conf").write_text(
        f"{defaults}\nspark.eventLog.enabled true\nspark.eventLog.dir file://{tmp_path}/events\n"
    )
    places = {
        "DATALAKE_SPARK_CONF_DIR": str(tmp_path / "conf"),
        "TMPDIR": str(tmp_path / "tmp"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "DATALAKE_JARS": str(load_jars()),
        "PYTHONPATH": str(tmp_path / "debug"),
    }
    outputs = []

    def run_command(*words, expected=0):
        secrets = {name: MARKS[name] for name in SECRETS}
        status, output, errors = call(*words, cwd=tmp_path, **(places | secrets))
        outputs.append(output + errors)
        (tmp_path / f"printed.{len(outputs)}").write_text(outputs[-1])
        assert status == expected, errors[-2_000:]
        return output

    return run_command


def load_jars():
    from datalake.core.settings import load_settings

    return load_settings("lake").jar_cache


def run_all(run, folder, *lake):
    """Every step and all that tends tables, and an enrichment that fails."""
    sample = write_sample(folder / "source", 60).folder
    run("ingest", *lake, "--source", sample)
    with TmdbServer(load_bodies([]), "another") as server:
        run("enrich", *lake, "--tmdb-url", server.url, expected=1)
    with TmdbServer(load_bodies([sample / BODIES_FILE]), TOKEN) as server:
        words = ("--source", sample, "--tmdb-url", server.url, "--memory", "1g")
        run("run", *lake, *words)
        run("run", *lake, *words, "--force")
    tables = json.loads(run("status", *lake, "--json"))["tables"]
    (table,) = [table for table in tables if table["table"] == "Refined.dim_title"]
    snapshot = table["snapshots"][-1]["id"]
    run("rollback", *lake, "--table", table["table"], "--snapshot", snapshot, "--memory", "1g")
    run("maintain", *lake, "--keep-days", 0, "--memory", "1g")
    run("purge", *lake)
    assert list((folder / "events").iterdir())
    assert files_with_marks(folder) == []


@pytest.mark.nightly
def test_on_a_folder(tmp_path, run):
    (tmp_path / "debug/sitecustomize.py").write_text(LOG_ALL)
    run_all(run, tmp_path, "--lake", "lake")
    run("sql", "--lake", "lake", "select * from dim_title", "--output", "titles.csv")
    assert files_with_marks(tmp_path) == []
    with connect(Lake(str(tmp_path / "lake"))) as duck:  # Parquet's pages are compressed
        names = duck.execute(
            "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        assert len(names) > 20
        for schema, name in names:
            rows = duck.execute(f"SELECT * FROM {schema}.{name}").fetchall()
            assert marks_in(str(rows)) == []


@pytest.mark.nightly
def test_on_s3(tmp_path, run):
    (tmp_path / "emulator").mkdir()
    with emulated(tmp_path / "emulator"):
        bucket("films-secrets")
        lake = "s3://films-secrets/lake"
        run_all(run, tmp_path, "--lake", lake, "--database-prefix", "secrets_")
        storage = Lake(lake).storage
        for key in storage.list(""):
            with storage.open(key) as file:
                assert marks_in(f"{key}\n{file.read().decode(errors='replace')}") == []
