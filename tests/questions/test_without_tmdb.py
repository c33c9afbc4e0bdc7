"""A lake with nothing from TMDB: questions 2 and 3 are answered by IMDb, 1 and 4 count nobody."""

import pytest
from support.answers import answers_of, headlines
from support.sql_oracle import create_base_views, create_oracle, differences_from_answers
from support.star_rows import SHARED, duck_tables, wild_star

OF_TMDB = ("tmdb_rating", "tmdb_votes", "popularity", "budget", "revenue")


@pytest.fixture(scope="module")
def star():
    """The wild star as IMDb alone knows it; its seasons are counted from episodes."""
    star = wild_star()
    star["dim_title"] = [row | {"tmdb_id": None} for row in star["dim_title"]]
    star["fact_title"] = [row | dict.fromkeys(OF_TMDB) for row in star["fact_title"]]
    return star


@pytest.fixture(scope="module")
def answers(spark, star, tmp_path_factory):
    return answers_of(spark, star, tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="module")
def duck(star, tmp_path_factory):
    with duck_tables(star, tmp_path_factory.mktemp("duck")) as connection:
        create_base_views(connection, [table.name for table in SHARED])
        create_oracle(connection)
        yield connection


@pytest.mark.parametrize("view", ["best_rated_people", "lengths_by_year", "trends_per_decade"])
def test_sql_computes_the_same_answers_by_imdb_alone(answers, duck, view):
    differences, compared = differences_from_answers(duck, view, answers.get)
    assert differences == []
    assert compared > 10


def test_people_are_rated_by_imdb_alone_and_the_table_says_so(answers, duck):
    (unrated,) = duck.execute(
        """select count(*) from dim_title join fact_title using (title_key)
        where in_scope and imdb_rating is null"""
    ).fetchone()
    for row in headlines(answers["q2_people"], kind="all"):
        assert row["rated_by"] == "imdb"
        assert (row["tmdb_mean"], row["tmdb_votes"], row["high_on_both"]) == (None, None, None)
        assert row["left_out"].get("titles_without_imdb_rating", 0) == unrated
    variants = [row for row in answers["sensitivity"] if row["variant"] == "weighted_by_votes"]
    assert any(row["leader"] for row in variants)


def test_questions_of_budgets_and_of_two_ratings_count_nobody(answers):
    for table, reason in (("q1_popularity_cost", "no_tmdb"), ("q4_ratings", "no_both_ratings")):
        assert {row["n"] for row in answers[table]} == {0}
        assert {name for row in answers[table] for name in row["left_out"]} == {reason}
