"""TMDB's answers → titles, credits, seasons and coverage; real bodies where they are at hand."""

import json
from datetime import UTC, date, datetime

import pytest
from chispa import assert_df_equality
from support.lakes import answer, answered, rows_of, settings_at, tables_of
from support.source_files import DAY, ingested, line

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

EARLY, LATE, LATER = "2026-01-01T00:00:00Z", "2026-01-10T12:00:00Z", "2026-01-10T12:00:01Z"

FILM = answer(
    "tt0000001",
    title="A Fuga\u2028",
    original_language="pt",
    status="Released",
    release_date="1999-01-02",
    runtime=91,
    budget=5_000_000_000,
    revenue=12,
    popularity=1.5,
    vote_average=6.5,
    vote_count=9,
    genres=[{"id": 80, "name": "Crime"}, {"id": 18, "name": "Drama"}],
    credits={
        "cast": [
            {"id": 11, "name": "Ana Souza", "character": "Inês", "order": 0},
            {"id": 11, "name": "Ana Souza", "character": "Ana", "order": 4},
            {"id": 12, "name": "Rui", "character": "", "order": 1},
            {"id": None, "name": "Nobody", "character": "x", "order": 2},
        ],
        "crew": [
            {"id": 11, "name": "Ana Souza", "job": "Director"},
            {"id": 13, "name": "Eva", "job": "Director of Photography"},
            {"id": 13, "name": "Eva", "job": None},
        ],
    },
    a_field_of_tomorrow={"x": [1]},
)
UNKNOWN_FILM = answer(
    "tt0000002",
    title="",
    original_language="",
    status="",
    release_date="",
    runtime=0,
    budget=0,
    revenue=0,
    popularity=0.6,
    vote_average=0.0,
    vote_count=0,
    genres=[],
    credits={"cast": [], "crew": []},
)
SHOW = answer(
    "tt0000901",
    Kind.SERIES,
    name="Borders",
    original_language="en",
    status="Ended",
    first_air_date="2001-01-02",
    last_air_date="2003-05-06",
    episode_run_time=[45, 50],
    budget=7,
    popularity=2.5,
    vote_average=8,
    vote_count=1,
    number_of_seasons=2,
    number_of_episodes=21,
    genres=[{"name": "War & Politics"}],
    created_by=[{"id": 21, "name": "Lia"}, {"id": 22, "name": "Max"}],
    seasons=[
        {"season_number": 0, "name": "Specials", "air_date": None, "episode_count": 3},
        {"season_number": 1, "name": "Season 1", "air_date": "2001-01-02", "episode_count": 10},
        {"season_number": 2, "name": "", "air_date": "", "episode_count": 0},
    ],
    aggregate_credits={
        "cast": [
            {
                "id": 21,
                "name": "Lia",
                "order": 0,
                "total_episode_count": 21,
                "roles": [
                    {"character": "Spy", "episode_count": 20},
                    {"character": "Twin", "episode_count": 1},
                ],
            }
        ],
        "crew": [
            {
                "id": 23,
                "name": "Noa",
                "jobs": [
                    {"job": "Writer", "episode_count": 4},
                    {"job": "Director", "episode_count": 2},
                ],
            }
        ],
    },
)
NO_ARRAYS = answer("tt0000902", Kind.SERIES, name="Bare", episode_run_time=[], created_by=[])
SUPERSEDED = [
    answer("tt0000003", at=EARLY, title="Old", budget=1),
    answer("tt0000003", at=LATE, title="New", budget=2),
    answer("tt0000003", at=EARLY, outcome="not_found"),
    answer("tt0000004", at=EARLY, title="Gone"),
    answer("tt0000004", at=LATER, outcome="not_found"),
]
OTHER = [
    answer("tt0000005", outcome="not_found"),
    answer("tt0000006", outcome="other_kind"),
]
BAD = {
    '{"imdb_id": "tt0000007", "media_type": "movie", "tmdb': "line: not a JSON object",
    "not JSON at all": "line: not a JSON object",
    answer("tt0000007")[:-1] + ',,"x":1}': "line: not a JSON object",
    answer("tt0000008").replace("tt0000008", "nm0000008"): "title_id: not an IMDb title id",
    answer("tt0000009").replace('"movie"', '"person"'): "media_type: neither movie nor tv",
    answer("tt0000010", at="yesterday"): "fetched_at: not a time",
    answer("tt0000011").replace('"found"', '"lost"'): "outcome: unknown",
    answer("tt0000012", outcome="not_found").replace("not_found", "found"): "body: missing",
    answer("tt0000013").replace('"tmdb_id": 13', '"tmdb_id": null'): "tmdb_id: missing",
}
LINES = [FILM, UNKNOWN_FILM, *SUPERSEDED, *OTHER, *BAD]


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
    found = tables.read(table).orderBy(*keys)
    assert_df_equality(
        found,
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
                "genres": ["Crime", "Drama"], "fetched_at": at,
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
    found = {(row["tmdb_person_id"], row["role"]) for row in rows_of(tables, TMDB_CREDITS)}
    told = {(person["id"], "actor") for person in credits["cast"]}
    told |= {(p["id"], held["job"].lower()) for p in credits["crew"] for held in p["jobs"]}
    told |= {(person["id"], "creator") for person in show["created_by"]}
    for body in (film, show):
        told |= {(person["id"], "actor") for person in body["credits"]["cast"]}
        told |= {(person["id"], person["job"].lower()) for person in body["credits"]["crew"]}
    assert found == told


def test_a_title_answered_as_both_kinds_is_of_its_file_s_kind(spark, tmp_path):
    settings = settings_at(tmp_path / "lake")
    ingested(settings.lake, tmp_path / "source")
    answered(settings.lake, answer("tt0000001", title="The film"))
    answered(settings.lake, answer("tt0000001", Kind.SERIES, name="The series"), kind=Kind.SERIES)
    tables = tables_of(settings)
    build_trusted(tables, settings)
    assert [row["title"] for row in rows_of(tables, TMDB_TITLES)] == ["The film"]
