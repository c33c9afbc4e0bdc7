"""Tables and manifests of older and newer versions."""

import pytest
from support.films import FILMS, frame, names, put
from support.lakes import rows_of

from datalake.core.errors import LakeError
from datalake.schemas import VERSION, Table
from datalake.schemas.kinds import Kind
from datalake.schemas.table import columns
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.source_file import SourceFile
from datalake.spark.schema_evolution import VERSION_PROPERTY

pytestmark = pytest.mark.slow

NEWER = Table(
    "Trusted", "films", "One row per film's name.", ("name",),
    columns(
        ("name", "string", "What it's called"),
        ("year", "long", "Its year, wider now"),
        ("genres", "array<string>", "What's new"),
    ),
)  # fmt: skip
OTHER = Table(
    "Trusted", "films", "One row per film's name.", ("name",),
    columns(("name", "int", "A number, of all things")),
)  # fmt: skip


def versioned(tables, table, version):
    name = tables.name(table)
    tables.spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('{VERSION_PROPERTY}'='{version}')")


def test_a_table_of_a_newer_version_is_refused_by_all(tables, settings):
    put(tables, FILMS, ("Old", 1999))
    versioned(tables, FILMS, 99)
    message = rf"Trusted/films: Trusted\.films is of schema version 99, .* knows up to {VERSION};"
    for act in (tables.read, tables.has, tables.prepare):
        with pytest.raises(LakeError, match=message):
            act(FILMS)
    with pytest.raises(LakeError, match=message):
        tables.stage(FILMS, frame(tables, ("New", 2000)))
    versioned(tables, FILMS, VERSION)
    assert names(tables) == ["Old"]


def test_an_older_table_gets_the_columns_it_lacks(tables, settings):
    put(tables, FILMS, ("Old", 1999))
    with pytest.raises(LakeError, match=r"Trusted\.films is of an older version and lacks genres;"):
        tables.read(NEWER)
    rows = tables.spark.sql("SELECT 'New' AS name, 3000000000 AS year, array('War') AS genres")
    tables.stage(NEWER, rows)
    assert names(tables) == ["Old"]
    tables.publish()
    assert rows_of(tables, NEWER) == [{"name": "New", "year": 3_000_000_000, "genres": ["War"]}]


def test_a_column_that_is_no_more_stays_and_is_null(tables):
    fewer = Table("Trusted", "films", "One row per film.", ("name",), FILMS.columns[:1])
    put(tables, FILMS, ("Old", 1999))
    tables.stage(fewer, frame(tables, ("New", 2000)))
    tables.publish()
    assert rows_of(tables, FILMS) == [{"name": "New", "year": None}]


def test_a_column_that_can_t_become_what_it_should_is_one_line(tables):
    put(tables, FILMS, ("Old", 1999))
    with pytest.raises(LakeError, match=r"^Trusted\.films is of an older version: .*name"):
        tables.stage(OTHER, frame(tables, ("New", 2000)))
    assert names(tables) == ["Old"]


def test_a_manifest_of_a_newer_version_is_refused():
    with pytest.raises(LakeError, match=r"a/movies\.csv: a newer datalake ingested it \(colour\)"):
        SourceFile.from_json(
            FILES[Kind.MOVIE],
            "a/movies.csv.manifest.json",
            '{"key": "a/movies.csv", "kind": "movie", "colour": "red"}',
        )
