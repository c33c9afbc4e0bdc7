"""TMDB's answers → titles, credits, seasons and coverage; real bodies where they are at hand."""

import json
from datetime import UTC, date, datetime

import pytest
from chispa import assert_df_equality
from support.lakes import answer, answered, rows_of, settings_at, tables_of
from support.source_files import DAY, ingested, line
from support.tmdb_lines import (
    BAD,
    LINES,
    NO_ARRAYS,
    SHOW,
)

from datalake.enrichment.record import Entry, Record
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import (
    QUARANTINE,
    TMDB_COVERAGE,
    TMDB_CREDITS,
    TMDB_SEASONS,
    TMDB_TITLES,
)
from datalake.sources.tmdb.outcome import Outcome


@pytest.fixture(scope="module")
def tables(spark, tmp_path_factory):
    """The tables made of these answers; six films and three series are in scope."""
    folder = tmp_path_factory.mktemp("tmdb")
    settings = settings_at(folder / "lake", max_bad_share=1.0)
    films = [line(id=f"tt000000{number}") for number in range(1, 7)]
    series = [line(Kind.SERIES, id=f"tt000090{number}") for number in (1, 2, 3)]
    ingested(
        settings.lake, folder / "source", [*films, line(id="tt0000099", genero="Drama")], series
    )
    answered(settings.lake, *LINES[:4], name="a")
    answered(settings.lake, *LINES[4:], name="b")
    answered(settings.lake, SHOW, NO_ARRAYS, kind=Kind.SERIES)
    made = tables_of(settings)
    build_trusted(made, settings)
    return made


def expected(spark, table, rows):
    """The rows as a DataFrame of the table's types; columns not named are null."""
    wide = [tuple(row.get(name) for name in table.names) for row in rows]
    return spark.createDataFrame(wide, table.ddl)


def assert_holds(tables, table, rows, keys):
    frame = tables.read(table).orderBy(*keys)
    assert_df_equality(
        frame,
        expected(tables.spark, table, rows).orderBy(*keys),
        ignore_nullable=True,
        ignore_metadata=True,
    )


def test_titles_hold_the_newest_answer_and_unknown_is_null(tables):
    at = datetime(2026, 1, 10, 12, tzinfo=UTC)
    assert_holds(
        tables,
        TMDB_TITLES,
        [
            {
                "title_id": "tt0000001", "kind": "movie", "tmdb_id": 1, "title": "A Fuga\u2028",
                "original_language": "pt", "release_date": date(1999, 1, 2),
                "runtime_minutes": 91, "budget": 5_000_000_000, "revenue": 12,
                "popularity": 1.5, "tmdb_rating": 6.5, "tmdb_votes": 9, "status": "Released",
                "genres": ["Crime", "Drama"], "collection_id": 10, "fetched_at": at,
            },
            {
                "title_id": "tt0000002", "kind": "movie", "tmdb_id": 2, "popularity": 0.6,
                "tmdb_votes": 0, "genres": [], "fetched_at": at,
            },
            {
                "title_id": "tt0000003", "kind": "movie", "tmdb_id": 3, "title": "New",
                "budget": 2, "fetched_at": at,
            },
            {
                "title_id": "tt0000901", "kind": "series", "tmdb_id": 901, "title": "Borders",
                "original_language": "en", "release_date": date(2001, 1, 2),
                "last_air_date": date(2003, 5, 6), "runtime_minutes": 45, "popularity": 2.5,
                "tmdb_rating": 8.0, "tmdb_votes": 1, "status": "Ended",
                "genres": ["War & Politics"], "seasons": 2, "episodes": 21, "fetched_at": at,
            },
            {
                "title_id": "tt0000902", "kind": "series", "tmdb_id": 902, "title": "Bare",
                "fetched_at": at,
            },
        ],
        ["title_id"],
    )  # fmt: skip


def test_credits_are_one_row_a_person_and_role(tables):
    film, show = "tt0000001", "tt0000901"
    rows = [
        (film, 11, "Ana Souza", "actor", "Ana / Inês", 0, None),
        (film, 11, "Ana Souza", "director", None, None, None),
        (film, 12, "Rui", "actor", None, 1, None),
        (film, 13, "Eva", "director of photography", None, None, None),
        (show, 21, "Lia", "actor", "Spy / Twin", 0, 21),
        (show, 21, "Lia", "creator", None, None, None),
        (show, 22, "Max", "creator", None, None, None),
        (show, 23, "Noa", "director", None, None, 2),
        (show, 23, "Noa", "writer", None, None, 4),
    ]
    assert_holds(
        tables,
        TMDB_CREDITS,
        [dict(zip(TMDB_CREDITS.names, row, strict=True)) for row in rows],
        TMDB_CREDITS.key,
    )


def test_seasons_keep_the_specials(tables):
    rows = [
        ("tt0000901", 0, "Specials", None, 3),
        ("tt0000901", 1, "Season 1", date(2001, 1, 2), 10),
        ("tt0000901", 2, None, None, None),
    ]
    assert_holds(
        tables,
        TMDB_SEASONS,
        [dict(zip(TMDB_SEASONS.names, row, strict=True)) for row in rows],
        TMDB_SEASONS.key,
    )


def test_answers_that_cannot_be_used_are_quarantined(tables):
    found = {row["line"]: row for row in rows_of(tables, QUARANTINE)}
    assert sorted(row["reasons"][0] for row in found.values()) == sorted(BAD.values())
    assert {row["source"] for row in found.values()} == {"TMDB"}
    for text, reason in BAD.items():
        if reason == "line: not a JSON object":
            assert reason in found[text]["reasons"]
    (row,) = (row for row in found.values() if row["reasons"] == ["title_id: not an IMDb title id"])
    assert (row["snapshot"], json.loads(row["line"])["title_id"]) == ("2026-01-10", "nm0000008")


def test_coverage_adds_up(tables):
    films, series, *unknown = rows_of(tables, TMDB_COVERAGE)
    told = {
        name: films[name]
        for name in ("in_scope", "found", "not_found", "other_kind", "superseded")
    }  # fmt: skip
    assert told == {
        "in_scope": 6, "found": 3, "not_found": 2, "other_kind": 1, "superseded": 3
    }  # fmt: skip
    assert (series["in_scope"], series["answers"], series["found"]) == (3, 2, 2)
    outcomes = ("superseded", "quarantined", "found", "not_found", "other_kind")
    for row in (films, series, *unknown):
        assert row["answers"] == sum(row[name] for name in outcomes)
    assert sum(row["answers"] for row in (films, series, *unknown)) == len(LINES) + 2
    assert sum(row["quarantined"] for row in (films, series, *unknown)) == len(BAD)
    assert films["newest_answer"] == datetime(2026, 1, 10, 12, 0, 1)


def test_what_enrichment_writes_is_what_is_read(tables):
    at = datetime(2026, 1, 10, 12, tzinfo=UTC)
    written = Record(Kind.MOVIE, Entry("tt0000003", 3, Outcome.FOUND, at), {"id": 3}).to_line()
    assert json.loads(written) == json.loads(answer("tt0000003"))


def test_a_lake_without_answers_has_empty_tables(spark, tmp_path):
    settings = settings_at(tmp_path / "lake")
    ingested(settings.lake, tmp_path / "source")
    tables = tables_of(settings)
    build_trusted(tables, settings)
    assert [rows_of(tables, t) for t in (TMDB_TITLES, TMDB_CREDITS, TMDB_SEASONS)] == [[], [], []]
    (films, series) = rows_of(tables, TMDB_COVERAGE)
    assert (films["in_scope"], films["answers"], films["newest_answer"]) == (1, 0, None)
    assert (series["in_scope"], series["found"]) == (1, 0)


def test_answers_after_the_day_do_not_count(spark, tmp_path):
    settings = settings_at(tmp_path / "lake", day=DAY)
    ingested(settings.lake, tmp_path / "source")
    answered(settings.lake, answer("tt0000001", title="Then"))
    later = date(2026, 1, 11)
    answered(settings.lake, answer("tt0000001", at="2026-01-11T00:00:00Z", title="Now"), day=later)
    tables = tables_of(settings)
    build_trusted(tables, settings)
    assert [row["title"] for row in rows_of(tables, TMDB_TITLES)] == ["Then"]


def test_real_bodies_give_what_they_say(spark, tmp_path, shared):
    fixtures = shared / "data/tmdb/fixtures"
    film = json.loads((fixtures / "movies/details_with_append_to_response.json").read_text())
    show = json.loads((fixtures / "tv_series/details_with_append_to_response.json").read_text())
    credits = json.loads((fixtures / "tv_series/aggregate_credits.json").read_text())
    show = show | {"aggregate_credits": credits}
    settings = settings_at(tmp_path / "lake")
    ingested(settings.lake, tmp_path / "source")
    answered(settings.lake, answer("tt0000001", **film))
    answered(settings.lake, answer("tt0000900", Kind.SERIES, **show), kind=Kind.SERIES)
    tables = tables_of(settings)
    build_trusted(tables, settings)

    first, second = rows_of(tables, TMDB_TITLES)
    assert (first["title"], first["popularity"]) == (film["title"], film["popularity"])
    assert first["budget"] == (film["budget"] or None)
    assert first["tmdb_rating"] == film["vote_average"]
    assert str(first["release_date"]) == film["release_date"]
    assert (second["title"], second["seasons"]) == (show["name"], show["number_of_seasons"])
    assert second["episodes"] == show["number_of_episodes"]
    assert len(rows_of(tables, TMDB_SEASONS)) == len(show["seasons"])
    published = {(row["tmdb_person_id"], row["role"]) for row in rows_of(tables, TMDB_CREDITS)}
    pairs = {(person["id"], "actor") for person in credits["cast"]}
    pairs |= {(p["id"], held["job"].lower()) for p in credits["crew"] for held in p["jobs"]}
    pairs |= {(person["id"], "creator") for person in show["created_by"]}
    for body in (film, show):
        pairs |= {(person["id"], "actor") for person in body["credits"]["cast"]}
        pairs |= {(person["id"], person["job"].lower()) for person in body["credits"]["crew"]}
    assert published == pairs


def test_a_title_answered_as_both_kinds_is_of_its_file_s_kind(spark, tmp_path):
    settings = settings_at(tmp_path / "lake")
    ingested(settings.lake, tmp_path / "source")
    answered(settings.lake, answer("tt0000001", title="The film"))
    answered(settings.lake, answer("tt0000001", Kind.SERIES, name="The series"), kind=Kind.SERIES)
    tables = tables_of(settings)
    build_trusted(tables, settings)
    assert [row["title"] for row in rows_of(tables, TMDB_TITLES)] == ["The film"]
