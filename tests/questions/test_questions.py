"""What holds for every answer, on a wild star."""

import pytest
from support.answers import answers_of, headlines
from support.sql_oracle import PAIRS, differences_from_answers
from support.star_rows import spark_frames, wild_star

from datalake.pipeline.population import fetch_population
from datalake.questions.registry import ANSWERS
from datalake.spark.query import spark_query


@pytest.mark.parametrize("view", PAIRS)
def test_sql_computes_the_same_answers(answers, duck, view):
    differences, compared = differences_from_answers(duck, view, answers.get)
    assert differences == []
    assert compared > 10


def test_every_answer_has_rows_and_its_key(answers):
    for table in ANSWERS:
        keys = [tuple(row[name] for name in table.key) for row in answers[table.name]]
        assert 0 < len(keys) == len(set(keys))


def test_the_order_of_rows_changes_no_answer(spark, answers, tmp_path):
    backwards = {name: rows[::-1] for name, rows in wild_star().items()}
    again = answers_of(spark, backwards, tmp_path)
    for table in ANSWERS:
        assert by_key(again[table.name], table.key) == by_key(answers[table.name], table.key)


def by_key(rows, key):
    return sorted(rows, key=lambda row: [str(row[name]) for name in key])


def test_the_first_variant_of_each_subject_is_the_answer(answers):
    (cost,) = headlines(answers["q1_popularity_cost"], measure="tmdb_popularity", decade=None)
    (lead,) = headlines(answers["q4_ratings"], outcome="return", decade=None)
    first = {
        (row["subject"], row["variant"]): (row["value"], row["ci_low"], row["ci_high"])
        for row in answers["sensitivity"]
    }
    assert first["tmdb_popularity", "as_answered"] == (cost["rho"], cost["ci_low"], cost["ci_high"])
    assert first["tmdb_popularity", "adjusted"][0] == cost["adjusted"]
    assert first["movie.return", "as_answered"][0] == lead["difference"]
    for trend in headlines(answers["q3_trends"], year=None):
        assert first[trend["measure"], "as_answered"][0] == trend["trend"]
        assert first[trend["measure"], "adjusted"][0] == trend["adjusted_trend"]
    for best in headlines(answers["q2_people"], kind="all", rank=1):
        assert first[best["role"], "as_answered"][0] == best["score"]


def test_of_more_titles_than_allowed_those_with_the_lowest_keys_are_taken(spark, tmp_path):
    frames = spark_frames(spark, wild_star(), tmp_path)
    query = spark_query(spark, lambda table: frames[table.name])
    whole, part = fetch_population(query), fetch_population(query, limit=100)
    assert whole.beyond_limit == {}
    assert part.titles.key.tolist() == whole.titles.key[:100].tolist()
    assert sum(part.beyond_limit.values()) == len(whole.titles) - 100
    assert part.titles.key[part.credits.title].tolist() == [
        key for key in whole.titles.key[whole.credits.title] if key in part.titles.key
    ]
    assert set(part.seasons.title) <= set(range(100))
