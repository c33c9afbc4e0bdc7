"""Every command on a lake with every fault: one line, no traceback, nothing half written.

A command that gets as far as starting Spark has not failed by the fault; what happens then is for
the tests of the steps.
"""

import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from support.enriched import FILMS, make_lake
from support.source_files import write_source

from datalake.cli.main import cli
from datalake.core.errors import DatalakeError
from datalake.core.intent import INTENT
from datalake.core.table_paths import RELOCATION
from datalake.enrichment.summary import RUNS
from datalake.sources.tmdb.retry import RetryPolicy
from datalake.spark import opening

TABLE = "Refined/dim_title/metadata"
COMMANDS = {
    "ingest": ["--source", "source"],
    "enrich": ["--tmdb-url", "http://127.0.0.1:9/3", "--limit", "1"],
    "purge": [],
    "trusted": [],
    "refined": [],
    "answers": [],
    "report": [],
    "run": ["--source", "source", "--tmdb-url", "http://127.0.0.1:9/3"],
    "sql": ["select 1"],
    "status": [],
    "maintain": [],
    "rollback": ["--table", "Refined.dim_title", "--snapshot", "7"],
}
WITHOUT_LAKE = ("sample", "tmdb-server", "contract", "download")
DAMAGED = {
    "manifest": "Raw/Local/CSV/Movies/2026/01/10/movies.csv.manifest.json",
    "part of Raw": "Raw/TMDB/JSON/Movies/2026/01/10/a.jsonl.gz",
    "ledger": "Raw/TMDB/Ledger/Movies/a.jsonl.gz",
    "summary": f"{RUNS}/20260110T120000000000-aaaaaaaa.json",
    "spool": "Raw/TMDB/Spool/notes.jsonl",
    "lease of tables": "Publishing/tables.lease.json",
    "lease of Raw": "Publishing/raw.lease.json",
    "lease of enrichment": "Publishing/answers.lease.json",
    "chosen source": "Raw/Source/chosen.json",
    "intent": INTENT,
    "relocation": RELOCATION,
    "metadata": f"{TABLE}/v2.metadata.json",
    "version hint": f"{TABLE}/version-hint.text",
    "page": "index.html",
}
PLACES = {"no lake": None, "a file": b"x", "an empty folder": b""}


class StartedError(Exception):
    """Spark would start now."""


def start(*_):
    raise StartedError


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command in a folder with a source and a lake; the line that it ends with, if any."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMDB_TOKEN", "a-token")
    monkeypatch.setattr(opening, "create_session", start)
    monkeypatch.setattr(RetryPolicy, "delay", lambda *_: 0)
    write_source(tmp_path / "source")

    def run_command(name):
        result = CliRunner().invoke(cli, [name, *COMMANDS[name]])
        error = result.exception
        if error is None or isinstance(error, SystemExit | StartedError):
            return None
        assert isinstance(error, DatalakeError | click.ClickException), repr(error)
        message = str(error) if isinstance(error, DatalakeError) else error.format_message()
        assert message
        assert "\n" not in message
        assert len(message) < 1_000
        return message

    return run_command


def test_every_command_is_tried():
    assert {*COMMANDS, *WITHOUT_LAKE} == set(cli.commands)


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("data", [b"", b"\xff\x00{"], ids=["empty", "bytes"])
def test_a_damaged_file_ends_no_command_by_surprise(tmp_path, run, command, damage, data):
    make_lake("lake", FILMS[:3], [])
    put(tmp_path / "lake" / DAMAGED[damage], data)
    message = run(command)
    assert message is None or "unexpected" not in message


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("ingest", "run")])
@pytest.mark.parametrize("place", PLACES)
def test_where_there_is_no_lake_none_is_made(tmp_path, run, command, place):
    if PLACES[place]:
        put(tmp_path / "lake", PLACES[place])
    elif place == "an empty folder":
        (tmp_path / "lake").mkdir()
    before = contents(tmp_path)
    assert run(command) is not None
    assert contents(tmp_path) == before


def contents(folder):
    return sorted(str(path) for path in Path(folder).rglob("*"))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("folder", ["Raw", "Publishing", "Trusted", "Refined", "Raw/TMDB"])
def test_a_file_in_a_folders_place_ends_no_command_by_surprise(tmp_path, run, command, folder):
    make_lake("lake", FILMS[:3], [])
    if (tmp_path / "lake" / folder).is_dir():
        shutil.rmtree(tmp_path / "lake" / folder)
    put(tmp_path / "lake" / folder, b"x")
    run(command)
