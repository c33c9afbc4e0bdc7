"""From IMDb's datasets to the page: without TMDB first, then with it; each number by DuckDB too."""

import json

import numpy as np
import pytest
from support import datasets_oracle as oracle
from support.command import call
from support.sample_oracle import slope

from datalake.demo.truth import Truth

pytestmark = pytest.mark.nightly

EXACT = {"rel": 1e-9, "abs": 1e-9}
WORDS = ("run", "--format", "imdb-datasets", "--titles", 2000, "--memory", "2g")
LAKE = "demo/imdb-datasets/lake"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("datasets")


@pytest.fixture(scope="module")
def without_tmdb(home):
    """What the run printed, the page, and what it answers, before TMDB is asked."""
    status, _, errors = call(*WORDS, "--without-tmdb", cwd=home, DATALAKE_SPARK_CONF_DIR="")
    assert status == 0, errors
    return Answered(home, errors)


@pytest.fixture(scope="module")
def with_tmdb(home, without_tmdb):
    """The same of the same lake, when TMDB has been asked."""
    status, _, errors = call(*WORDS, cwd=home, DATALAKE_SPARK_CONF_DIR="")
    assert status == 0, errors
    return Answered(home, errors)


class Answered:
    """The tables and the page as they are now; later runs change the lake."""

    def __init__(self, home, errors):
        self._home, self.errors = home, errors
        self.page = (home / LAKE / "index.html").read_text(encoding="utf-8")
        self.people = self.rows(
            """select q.*, d.person_id from q2_people q join dim_person d using (person_key)
            where genre = 'all' and kind = 'all'"""
        )
        self.trends = self.rows("select * from q3_trends where genre = 'all'")
        self.cost = self.rows("select * from q1_popularity_cost where genre = 'all'")
        self.ratings = self.rows("select * from q4_ratings where genre = 'all' and decade is null")
        self.seasons = self.rows("select source, count(*) as n from fact_season group by source")
        self.reconciliation = self.rows("select * from trusted.reconciliation")

    def rows(self, sql):
        output = self._home / "rows.json"
        status, _, errors = call("sql", sql, "--lake", LAKE, "--output", output, cwd=self._home)
        assert status == 0, errors
        return json.loads(output.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def duck(home, without_tmdb):
    with oracle.connect(home / "demo/imdb-datasets/sample") as connection:
        yield connection


def test_every_file_adds_up(without_tmdb, duck):
    names = {file: name for name, file in oracle.FILES.items()}
    for row in without_tmdb.reconciliation:
        counted = duck.execute(f"select count(*) from {names[row['source']]}").fetchone()
        assert (row["raw_rows"],) == counted
        assert (
            row["raw_rows"]
            == sum(
                row[name]
                for name in (
                    "trusted_rows",
                    "filtered_rows",
                    "exact_duplicates",
                    "quarantined_rows",
                )
            )
            + row["dangling_rows"]
        )
    assert len(without_tmdb.reconciliation) == len(names)


def test_people_have_the_means_of_imdb_s_ratings(without_tmdb, duck):
    means = oracle.means(duck)
    for row in without_tmdb.people:
        figures = (row["titles"], row["imdb_mean"])
        assert figures == pytest.approx(means[row["role"], row["person_id"]], **EXACT)
        assert row["rated_by"] == "imdb"
    for role in ("creator", "director", "lead_actor"):
        eligible = sum(made[0] == role and titles >= 3 for made, (titles, _) in means.items())
        listed = sum(row["role"] == role for row in without_tmdb.people)
        assert listed == min(100, eligible) > 0


@pytest.mark.parametrize(
    ("measure", "lengths"),
    [("film_length", oracle.film_lengths), ("episodes_per_season", oracle.season_lengths)],
)
def test_trends_are_those_of_duckdb_and_numpy(without_tmdb, duck, measure, lengths):
    by_year = lengths(duck)
    rows = {row["year"]: row for row in without_tmdb.trends if row["measure"] == measure}
    trend = rows.pop(None)
    assert {year: (row["n"], row["median"]) for year, row in rows.items() if row["n"]} == {
        year: (len(values), np.median(values)) for year, values in by_year.items()
    }
    assert trend["trend"] == pytest.approx(slope(by_year), **EXACT)


def test_the_planted_truths_are_found_without_tmdb(without_tmdb):
    truth = Truth()
    trends = {row["measure"]: row for row in without_tmdb.trends if row["year"] is None}
    minutes, episodes = trends["film_length"], trends["episodes_per_season"]
    assert minutes["ci_low"] <= truth.minutes_per_decade <= minutes["ci_high"]
    assert episodes["ci_low"] <= truth.episodes_per_decade <= episodes["ci_high"]
    (best,) = (r for r in without_tmdb.people if (r["role"], r["rank"]) == ("director", 1))
    assert best["name"] == truth.best_director


def test_the_page_answers_two_questions_and_says_what_the_others_lack(without_tmdb):
    page = without_tmdb.page
    assert {row["n"] for row in without_tmdb.cost + without_tmdb.ratings} == {0}
    assert "First by IMDb" in page
    assert "Em primeiro só pelas notas do IMDb" in page
    assert "budgets and popularity are TMDB" in page
    assert "orçamentos e popularidade são do TMDB" in page
    assert "set TMDB_TOKEN" in page
    assert "This product uses TMDB" not in page
    assert 'id="figure-films"' not in page
    assert 'id="figure-episodes_per_season"' in page


@pytest.mark.nightly
def test_with_tmdb_all_four_are_answered_and_nothing_is_ingested_again(with_tmdb, without_tmdb):
    assert "nothing new: Raw has it as title.basics.tsv.gz" in with_tmdb.errors
    assert {row["rated_by"] for row in with_tmdb.people} == {"imdb_and_tmdb"}
    over_all = [row for row in with_tmdb.cost if row["decade"] is None]
    assert all(row["n"] > 100 and row["rho"] is not None for row in over_all)
    assert all(row["n"] > 50 and row["rho_imdb"] is not None for row in with_tmdb.ratings)
    assert 'id="figure-films"' in with_tmdb.page
    assert "Made-up sample: no title, person or figure on this page is real." in with_tmdb.page
    sources = {row["source"]: row["n"] for row in with_tmdb.seasons}
    assert sources.keys() == {"imdb", "tmdb"}
    assert {row["source"] for row in without_tmdb.seasons} == {"imdb"}


@pytest.mark.nightly
def test_without_tmdb_again_the_responses_in_raw_are_used(home, with_tmdb):
    status, _, errors = call(*WORDS, "--without-tmdb", cwd=home, DATALAKE_SPARK_CONF_DIR="")
    assert status == 0, errors
    assert "start Spark" not in errors, "nothing has changed, so nothing is built anew"
    assert (home / LAKE / "index.html").read_text(encoding="utf-8") == with_tmdb.page
