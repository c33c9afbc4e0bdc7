"""Jobs as programs: what they need, how they end."""

import ast
import json
import os
import subprocess
import sys

import pytest
from support.paths import ROOT
from support.source_files import content, line, write_source

from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.source_file import newest_source_file

LONG_AGO = 1_700_000_000  # when nobody was writing to the file any more


def job(name, *words, cwd):
    return run_program(ROOT / "jobs" / f"{name}.py", *words, cwd=cwd)


def run_program(path, *words, cwd):
    program = [sys.executable, str(path), *words]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(cwd)}
    ran = subprocess.run(
        program, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout, ran.stderr


def test_a_job_without_spark_runs_as_a_plain_program(tmp_path):
    write_source(tmp_path / "source", content(Kind.MOVIE, line(), line()))
    words = ("--lake", "lake", "--source", "source", "--day", "2026-01-10", "--JOB_NAME", "x")
    status, output, errors = job("ingest_raw", *words, cwd=tmp_path)
    assert (status, errors.count("Traceback")) == (0, 0), errors
    assert output.startswith("cost: none on Glue (ingest_raw: local, ")
    records = [json.loads(line) for line in errors.splitlines()]
    assert {(record["level"], record["step"]) for record in records} == {("INFO", "ingest")}
    assert records[-1]["message"] == "done"
    assert records[-1]["seconds"] >= 0
    assert newest_source_file(Lake(str(tmp_path / "lake")), FILES[Kind.MOVIE]).rows == 2


def test_an_ingestion_by_force_reads_a_file_whose_size_and_time_are_known(tmp_path):
    def ingested(row, *words):
        """Raw's newest rows of films, after a job that finds this file, as old as the others."""
        source = write_source(tmp_path / "source", content(Kind.MOVIE, row))
        for path in source.iterdir():
            os.utime(path, (LONG_AGO, LONG_AGO))
        ran = job("ingest_raw", "--lake", "lake", "--source", "source", *words, cwd=tmp_path)
        assert ran[0] == 0, ran[2]
        lake = Lake(str(tmp_path / "lake"))
        return lake.storage.open(newest_source_file(lake, FILES[Kind.MOVIE]).key).read()

    first, other = line(notaMedia="7.1"), line(notaMedia="7.2")
    assert ingested(first) == ingested(other) == content(Kind.MOVIE, first)
    assert ingested(other, "--force", "true") == content(Kind.MOVIE, other)


@pytest.mark.parametrize(
    ("name", "words", "message"),
    [
        ("ingest_raw", ["--lake", "lake"], "--source is missing"),
        ("build_trusted", ["--lake", "gs://b/lake"], "--lake gs://b/lake: neither a folder nor s3"),
        ("build_refined", ["--lake", "lake", "--fast"], "--fast: no such argument"),
        ("enrich_tmdb", ["--lake", "lake"], "TMDB asks for a token: set TMDB_TOKEN"),
    ],
)
def test_a_job_s_error_is_one_line_and_exit_status_1(tmp_path, name, words, message):
    status, output, errors = job(name, *words, cwd=tmp_path)
    assert (status, output) == (1, "")
    assert errors.splitlines()[-1].startswith(f"datalake: {message}")
    assert "Traceback" not in errors


def test_a_job_s_unexpected_error_is_one_line_and_a_record_with_its_traceback(tmp_path):
    (tmp_path / "broken.py").write_text(
        "from datalake import glue\nwith glue.job('answers') as settings:\n    {}['x']\n"
    )
    status, output, errors = run_program(tmp_path / "broken.py", "--lake", "lake", cwd=tmp_path)
    record, line = errors.splitlines()
    assert (status, output) == (1, "")
    assert line.startswith("datalake: broken failed unexpectedly: KeyError: 'x'; ")
    assert json.loads(record)["level"] == "CRITICAL"
    assert "Traceback (most recent call last)" in json.loads(record)["exception"]


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "jobs").glob("[bi]*.py")), ROOT / "jobs/enrich_tmdb.py"],
    ids=lambda path: path.stem,
)
def test_a_job_has_no_logic(path):
    tree = ast.parse(path.read_text())
    branches = ast.For, ast.While, ast.Try, ast.FunctionDef, ast.IfExp, ast.BoolOp
    assert [node for node in ast.walk(tree) if isinstance(node, branches)] == []
    assert sum(isinstance(node, ast.If) for node in ast.walk(tree)) == 1  # is it the program?
    assert len(path.read_text().splitlines()) <= 15


def test_the_bare_steps_need_no_command_line_library():
    code = (
        "import sys, datalake.glue, datalake.pipeline.trusted, datalake.pipeline.refined,"
        "datalake.pipeline.answers, datalake.pipeline.enrich;"
        "print(sorted({'click', 'rich', 'altair', 'jinja2', 'awsglue'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
