"""Files refused for their bad rows, and lakes and cells with characters that mean something."""

import json

import pytest
from support.imdb_csv_lines import (
    film,
)
from support.lakes import held, rows_of, settings_at, tables_of
from support.source_files import ingested

from datalake.core.errors import QualityError
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import CREDITS, TITLES, TMDB_COVERAGE
from datalake.sources.imdb_csv.scope import ids_in_scope
from datalake.sql.connection import connect


def test_over_the_share_of_bad_rows_the_tables_stay_as_they_were(spark, tmp_path):
    settings = settings_at(tmp_path / "lake", max_bad_share=0.25)
    tables = tables_of(settings)
    bad = [film(1, notaMedia="11"), film(2, notaMedia="12")]
    good = [film(number) for number in range(3, 9)]
    ingested(settings.lake, tmp_path / "source", [*good, *bad])
    build_trusted(tables, settings)  # two in eight: just not over a quarter
    before = held(tables, ("Trusted",))
    assert before["titles"].total() == 7

    ingested(settings.lake, tmp_path / "source", [*good, *bad, film(9, notaMedia="13")])
    with pytest.raises(QualityError) as raised:
        build_trusted(tables, settings)
    rejected = tmp_path / "lake/Quarantine/Local/CSV/Movies/2026/01/10/movies.2.csv.rejected.jsonl"
    assert str(raised.value) == (
        "Raw/Local/CSV/Movies/2026/01/10/movies.2.csv: 3 of 9 rows are bad,"
        " more than --max-bad-share 0.25; nothing was published\n"
        "  3 × notaMedia: out of range\n"
        f"  the rejected rows: {rejected}"
    )
    rows = [json.loads(text) for text in rejected.read_text(encoding="utf-8").splitlines()]
    assert {row["line"] for row in rows} == {*bad, film(9, notaMedia="13")}
    assert {tuple(row["reasons"]) for row in rows} == {("notaMedia: out of range",)}
    assert held(tables, ("Trusted",)) == before
    assert held(tables_of(settings), ("Trusted",)) == before


LATIN_1 = [film(n, personagem="Inês").encode("latin-1") for n in range(1, 9)]
REFUSED = {
    "Latin-1": (
        [*LATIN_1, film(9, notaMedia="11")],
        ["8 × line: not UTF-8", "1 × notaMedia: out of range", "looks like Latin-1 (Windows-1252)"],
    ),
    "semicolons": (
        [film(n).replace("|", ";") for n in range(1, 4)],
        ["3 × line: wrong number of columns", "looks like cells with semicolons between"],
    ),
    "every cell quoted": (
        [f'"{film(n)}"'.replace("|", '"|"') for n in range(1, 4)],
        ["3 × id: not an IMDb title id", "looks like every cell is quoted"],
    ),
    "many rules": (
        [film(n, notaMedia="11") for n in (1, 2)] + [film(n, tempoMinutos="x") for n in (3, 4, 5)],
        ["3 × tempoMinutos: not a number", "2 × notaMedia: out of range", "the rejected rows"],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_run_says_why(spark, tmp_path, rows, expected):
    settings = settings_at(tmp_path / "lake")
    ingested(settings.lake, tmp_path / "source", rows)
    with pytest.raises(QualityError) as raised:
        build_trusted(tables_of(settings), settings)
    first, *others = str(raised.value).split("\n  ")
    assert f"of {len(rows)} rows are bad, more than --max-bad-share 0.01; nothing was" in first
    where = [next((n for n, text in enumerate(others) if line in text), None) for line in expected]
    assert None not in where, others
    assert where == sorted(where)
    kept = settings.lake.storage.list("Quarantine")
    assert kept == ["Quarantine/Local/CSV/Movies/2026/01/10/movies.csv.rejected.jsonl"]
    assert len(settings.lake.storage.open(kept[0]).read().splitlines()) == len(rows)


def test_a_list_with_blanks_is_in_scope_and_in_the_tables(spark, tmp_path):
    """IMDb's own list exports join genres by a comma and a blank."""
    settings = settings_at(tmp_path / "lake")
    known_for, professions = "tt0000001, tt0000002", "actor, producer"
    row = film(1, genero="Drama, Crime", profissao=professions, titulosMaisConhecidos=known_for)
    ingested(settings.lake, tmp_path / "source", [row])
    assert list(ids_in_scope(settings.lake, Kind.MOVIE, settings.genres)) == ["tt0000001"]
    tables = tables_of(settings)
    build_trusted(tables, settings)
    assert rows_of(tables, TITLES)[0]["genres"] == ["Drama", "Crime"]
    (credit,) = [row for row in rows_of(tables, CREDITS) if row["title_id"] == "tt0000001"]
    assert credit["professions"] == ["actor", "producer"]
    assert credit["known_for"] == ["tt0000001", "tt0000002"]
    assert {row["kind"]: row["in_scope"] for row in rows_of(tables, TMDB_COVERAGE)} == {
        "movie": 1,
        "series": 1,
    }


def test_a_lake_s_path_is_no_pattern(spark, tmp_path):
    """`g[12]` as a pattern is the folder `g1`."""
    wild = "{a,b} st*r? b\\s it's 100%\nline"
    for folder, number in ((f"g1/{wild}", 1), (f"g[12]/{wild}", 2)):
        settings = settings_at(tmp_path / folder)
        ingested(settings.lake, tmp_path / "source", [film(number)])
        tables = tables_of(settings)
        build_trusted(tables, settings)
    assert rows_of(tables, TITLES)[0]["title_id"] == "tt0000002"
    with connect(settings.lake) as connection:
        assert ("tt0000002",) in connection.execute("SELECT title_id FROM titles").fetchall()
