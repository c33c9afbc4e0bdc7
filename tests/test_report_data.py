"""The page's data as it is read from the lake's tables."""

from datetime import UTC, date, datetime

import pytest
from star_rows import add_title, empty_star, row, spark_frames

from datalake.report.data import SCATTER_FILMS, gather
from datalake.report.page import render
from datalake.schemas import TABLES
from datalake.schemas.answers import POPULARITY_COST
from datalake.schemas.trusted import RECONCILIATION, TMDB_TITLES

COST = {"measure": "imdb_votes", "stratum_type": "all", "stratum": "all", "n": 0, "left_out": {}}
SOURCE = {"source": "movies.csv", "snapshot": "movies.csv@2022-05-01#0a1b2c3d4e5f"}
COUNTS = {"raw_rows": 5, "trusted_rows": 4, "exact_duplicates": 1, "quarantined_rows": 0}


@pytest.fixture(scope="module")
def data(spark, tmp_path_factory):
    star = empty_star()
    known = {"budget": 5_000, "popularity": 1.5}
    add_title(star, 1, year=1999, genres=("Crime", "War"), **known)
    star["fact_title"].append(star["fact_title"][-1] | {"load_date": date(2021, 1, 1)})
    add_title(star, 2, year=None, genres=("Drama", "War"), **known)
    add_title(star, 3, budget=None, popularity=1.5)
    add_title(star, 4, budget=5_000, popularity=0.0)
    add_title(star, 5, genres=("Drama",), **known)
    add_title(star, 6, "series", popularity=1.5)
    for key in range(10, SCATTER_FILMS + 20):
        add_title(star, key, **known)
    star["q1_popularity_cost"] = [row(POPULARITY_COST, **COST)]
    star["reconciliation"] = [row(RECONCILIATION, **SOURCE, **COUNTS, titles=2)]
    star["tmdb_titles"] = [
        row(TMDB_TITLES, fetched_at=f"2022-05-0{day}T12:00:00Z") for day in (2, 3)
    ]
    tables = spark_frames(spark, star, tmp_path_factory.mktemp("lake"))
    return gather(lambda table: tables[table.name], "0.1.0")


def test_the_scatter_shows_films_of_the_newest_load_with_budget_and_popularity(data):
    first, second, third, *_ = data.films
    shown = {"budget": 5_000, "popularity": 1.5, "votes": 10}
    assert first == {"title": "Title 1", "year": 1999, "genre": None} | shown
    assert second == {"title": "Title 2", "year": None, "genre": "War"} | shown
    assert third["title"] == "Title 10"
    assert len(data.films) == SCATTER_FILMS


def test_counts_freshness_and_answers_come_along(data):
    assert data.genres == ["Crime", "War"]
    assert data.load_date == date(2022, 5, 1)
    assert data.tmdb_fetched_at == datetime(2022, 5, 3, 12, tzinfo=UTC)
    assert data.row_counts["Trusted.tmdb_titles"] == 2
    assert len(data.row_counts) == len(TABLES)
    assert [r["snapshot"] for r in data.reconciliation] == [SOURCE["snapshot"]]
    assert [r["measure"] for r in data.answers["q1_popularity_cost"]] == ["imdb_votes"]
    assert "May 1, 2022" in render(data, "en")
