"""The page's data as it is read from the lake's tables."""

from datetime import UTC, date, datetime

import pytest
from support.star_rows import add_credit, add_title, duck_query, empty_star, row

from datalake.pipeline.page_data import gather_page_data
from datalake.questions.popularity_cost.table import TABLE as POPULARITY_COST
from datalake.questions.registry import TABLES
from datalake.schemas.refined import DIM_PERSON, FACT_SEASON
from datalake.schemas.trusted import QUARANTINE, RECONCILIATION, TMDB_COVERAGE, TMDB_TITLES

COST = {"measure": "imdb_votes", "genre": "all", "n": 0, "left_out": {}}
SOURCE = {"source": "movies.csv", "snapshot": "movies.csv@2022-05-01#0a1b2c3d4e5f"}
COUNTS = {"raw_rows": 5, "trusted_rows": 4, "exact_duplicates": 1, "quarantined_rows": 0}
COUNTS |= {"filtered_rows": 0, "dangling_rows": 0, "dangling_ids": 0}
COVERAGE = {"kind": "movie", "in_scope": 4, "found": 3, "not_found": 1}


def star():
    tables = empty_star()
    add_title(tables, 1, year=1999, genres=("Crime", "War"), budget=5_000, popularity=1.5)
    tables["fact_title"].append(tables["fact_title"][-1] | {"load_date": date(2021, 1, 1)})
    add_title(tables, 2, year=None, genres=("Drama", "War"), runtime_minutes=90)
    add_title(tables, 3, tmdb=False, tmdb_rating=None)
    add_title(tables, 4, "series", year=2001, seasons=2)
    add_title(tables, 5, genres=("Drama",))
    for person, titles in {7: (1, 2, 4), 8: (1, 2, 3), 9: (1, 2, 4)}.items():
        tables["dim_person"].append(row(DIM_PERSON, person_key=person, name=f"P{person}"))
        for title in titles:
            add_credit(tables, title, person, "director")
    season = {"title_key": 4, "air_year_key": 2001}
    tables["fact_season"] = [
        row(FACT_SEASON, **season, season_number=0, is_special=True, episodes=9),
        row(FACT_SEASON, **season, season_number=1, is_special=False, episodes=10),
        row(FACT_SEASON, **season, season_number=2, is_special=False),
    ]
    tables["q1_popularity_cost"] = [row(POPULARITY_COST, **COST)]
    tables["reconciliation"] = [row(RECONCILIATION, **SOURCE, **COUNTS, titles=2)]
    tables["tmdb_coverage"] = [row(TMDB_COVERAGE, **COVERAGE)]
    tables["quarantine"] = [
        row(QUARANTINE, source="movies.csv", reasons=reasons) for reasons in (["a", "b"], ["a"])
    ]
    tables["tmdb_titles"] = [
        row(TMDB_TITLES, fetched_at=f"2022-05-0{day}T12:00:00Z") for day in (2, 3)
    ]
    return tables


@pytest.fixture(scope="module")
def query(tmp_path_factory):
    return duck_query(star(), tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="module")
def data(query):
    return gather_page_data(query, "0.1.0")


def test_the_page_holds_titles_in_scope_of_the_newest_load(data):
    titles = data.chart_data["titles"]
    assert titles["kind"] == [0, 0, 0, 1]
    assert titles["genres"] == [3, 2, 1, 1]
    assert titles["year"] == [1999, None, None, 2001]
    assert titles["budget"] == [5_000, None, None, None]
    assert titles["popularity"] == [1.5, None, None, None]
    assert titles["runtime_minutes"] == [None, 90, None, None]
    assert data.chart_data["all"] == 4


def test_only_people_with_three_rated_titles_are_held(data):
    assert data.chart_data["people"] == ["P7", "P9"]
    assert data.chart_data["credits"] == {
        "role": ["director"] * 6,
        "person": [0, 1, 0, 1, 0, 1],
        "title": [0, 0, 1, 1, 3, 3],
    }


def test_three_films_of_two_works_are_too_few(tmp_path):
    tables = star()
    for title in tables["dim_title"]:
        title["collection_id"] = 10 if title["title_key"] in (1, 2) else None
    held = gather_page_data(duck_query(tables, tmp_path), "0.1.0").chart_data
    assert held["titles"]["collection"] == [10, 10, None, None]
    assert held["people"] == []


def test_only_titles_that_a_chart_can_name_are_named(data):
    assert data.chart_data["titles"]["name"] == ["Title 1", "Title 2", "", "Title 4"]


def test_only_seasons_of_known_length_are_held(data):
    assert data.chart_data["seasons"] == {"title": [3], "year": [2001], "episodes": [10]}


def test_of_too_many_titles_those_with_the_lowest_keys_are_held(query, monkeypatch):
    monkeypatch.setattr("datalake.questions.charts.TITLES", 2)
    held = gather_page_data(query, "0.1.0").chart_data
    assert held["titles"]["name"] == ["Title 1", ""]
    assert held["people"] == []
    assert held["all"] == 4


def test_counts_freshness_and_answers_come_along(data):
    assert data.genres == ("Crime", "War")
    assert data.load_date == date(2022, 5, 1)
    assert data.tmdb_fetched_at == datetime(2022, 5, 3, 12, tzinfo=UTC)
    assert data.row_counts["Trusted.tmdb_titles"] == 2
    assert len(data.row_counts) == len(TABLES)
    assert [r["snapshot"] for r in data.reconciliation] == [SOURCE["snapshot"]]
    assert [r["found"] for r in data.coverage] == [3]
    assert [r["measure"] for r in data.answers["q1_popularity_cost"]] == ["imdb_votes"]


def test_quarantined_rows_are_counted_by_reason(data):
    assert data.quarantine == [
        {"source": "movies.csv", "reason": "a", "rows": 2},
        {"source": "movies.csv", "reason": "b", "rows": 1},
    ]


def test_each_step_counts_the_titles_that_are_left(data):
    assert data.steps == [
        {"kind": "movie", "titles": 4, "in_scope": 3, "found": 2, "rated": 2, "budgeted": 1}
        | {"rated_by_imdb": 3},
        {"kind": "series", "titles": 1, "in_scope": 1, "found": 1, "rated": 1, "budgeted": 0}
        | {"rated_by_imdb": 1},
    ]
