"""A second source: a folder and its registration, and all that a source of titles can do."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from support.enriched import Fickle
from support.lakes import rows_of, settings_at, tables_of
from support.source_files import DAY
from support.toy_source.files import HEADER, TOY, TOY_FILE

from datalake.cli.main import cli
from datalake.core.errors import InputError
from datalake.core.lake import Lake
from datalake.enrichment.run import enrich
from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import CREDITS, QUARANTINE, RECONCILIATION, TITLES, TMDB_COVERAGE
from datalake.sources import registry
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.ingestion import ingest
from datalake.sources.source_file import SourceFile, newest_source_file

TOY_TEXT = f"""{HEADER}
tt0000001\tCrime, Drama\tAna
tt0000002\tWar\tRui
tt0000003\tComedy\tEva
nm0000004\tWar\tJoe
"""
KEY = "Raw/Toy/TSV/2026/01/10/toy.tsv"


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    """The registration: one entry."""
    monkeypatch.setattr(registry, "SOURCES", (*registry.SOURCES, TOY))


@pytest.fixture
def folder(tmp_path):
    """A folder to ingest, with the toy's file."""
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "toy.tsv").write_text(TOY_TEXT, encoding="utf-8")
    return tmp_path / "toy"


def test_it_is_ingested_and_in_status(folder, tmp_path):
    root, run = str(tmp_path / "lake"), CliRunner().invoke
    words = ["ingest", "--source", str(folder), "--lake", root, "--day", "2026-01-10"]
    assert "toy.tsv@2026-01-10#" in run(cli, words, catch_exceptions=False).output
    state = json.loads(run(cli, ["status", "--json", "--lake", root]).stdout)
    assert [(file["key"], file["rows"]) for file in state["source_files"]] == [(KEY, 4)]


def test_its_titles_in_scope_are_asked_for(folder, tmp_path):
    lake, client = Lake(str(tmp_path / "lake")), Fickle()
    ingest(lake, folder, DAY)
    enrich(lake, client, ("Crime", "War"))
    assert set(client.asked) == {"tt0000001", "tt0000002", "nm0000004"}


def test_its_rows_are_in_every_table(spark, folder, tmp_path):
    settings = settings_at(tmp_path / "lake", max_bad_share=1.0)
    tables = tables_of(settings)
    ingest(settings.lake, folder, DAY)
    build_trusted(tables, settings)
    assert [(row["title_id"], row["genres"]) for row in rows_of(tables, TITLES)] == [
        ("tt0000001", ["Crime", "Drama"]),
        ("tt0000002", ["War"]),
        ("tt0000003", ["Comedy"]),
    ]
    credits = {(row["title_id"], row["name"]) for row in rows_of(tables, CREDITS)}
    assert credits == {("tt0000001", "Ana"), ("tt0000002", "Rui"), ("tt0000003", "Eva")}
    assert [
        (row["source"], row["line"], row["reasons"]) for row in rows_of(tables, QUARANTINE)
    ] == [("toy.tsv", "nm0000004\tWar\tJoe", ["title_id: not an IMDb title id"])]
    file = newest_source_file(settings.lake, TOY_FILE)
    assert rows_of(tables, RECONCILIATION) == [
        {
            "source": "toy.tsv",
            "snapshot": file.id,
            "day": DAY,
            "raw_rows": 4,
            "trusted_rows": 3,
            "filtered_rows": 0,
            "exact_duplicates": 0,
            "quarantined_rows": 1,
            "dangling_rows": 0,
            "dangling_ids": 0,
            "made_up": False,
            "titles": 3,
        }
    ]
    assert [row["in_scope"] for row in rows_of(tables, TMDB_COVERAGE)] == [2]
    build_refined(tables, settings)


def test_its_bad_file_is_one_line(folder, tmp_path):
    (folder / "toy.tsv").write_text("id,genres\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"toy\.tsv: expected the columns"):
        ingest(Lake(str(tmp_path / "lake")), folder, DAY)


MOVIES = "Raw/Local/CSV/Movies/2026/01/10/movies.csv"


def test_a_manifest_of_version_0_1_is_read():
    text = """{
        "kind": "movie", "day": "2026-01-10", "key": "Raw/Local/CSV/Movies/2026/01/10/movies.csv",
        "size": 5, "sha256": "0123456789abcdef", "rows": 2, "header": "id|genero",
        "ingested_at": "2026-01-10T09:00:00.000000+00:00"
    }"""
    file = SourceFile.from_json(FILES[Kind.MOVIE], f"{MOVIES}.manifest.json", text)
    assert (file.id, file.rows) == ("movies.csv@2026-01-10#0123456789ab", 2)
    assert not file.contents.damaged
    assert SourceFile.from_json(file.spec, file.manifest_key, file.to_json()) == file


def test_the_registry_loads_no_spark():
    code = "import sys, datalake.sources.registry as r; print('pyspark' in sys.modules)"
    words = [sys.executable, "-c", code]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "False\n"
