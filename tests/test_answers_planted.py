"""Truths put into a star on purpose are found; a lake that lacks a source still gets tables."""

import math

import numpy as np
import pytest
from star_rows import add_credit, add_title, empty_star, row, spark_frames

from datalake.answers import people, popularity_cost, ratings, trends
from datalake.schemas.refined import DIM_PERSON, FACT_SEASON

BEST, PROLIFIC, LUCKY = 1, 2, 3


@pytest.fixture(scope="module")
def planted(spark, tmp_path_factory):
    """Budget and popularity at r = 0.6, films 3 minutes longer a decade, seasons as ever."""
    random = np.random.default_rng(5)
    star = empty_star()
    for person, name in ((BEST, "Best"), (PROLIFIC, "Prolific"), (LUCKY, "Lucky")):
        star["dim_person"].append(row(DIM_PERSON, person_key=person, name=name))
    for person in range(4, 124):
        star["dim_person"].append(row(DIM_PERSON, person_key=person, name=f"Other {person}"))
    for key in range(1, 1201):
        year = 1950 + key % 60
        fame, cost = random.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]])
        director = 4 + key % 120 if key > 100 else (BEST if key <= 6 else PROLIFIC)
        if key == 101:
            director = LUCKY
        rating = {BEST: 8.4, PROLIFIC: 7.0, LUCKY: 10.0}.get(director, 5.0 + director % 5 / 3)
        add_title(
            star,
            key,
            year=year,
            budget=int(math.exp(14 + cost)),
            popularity=math.exp(fame),
            runtime_minutes=round(90 + 0.3 * (year - 1950) + random.normal() * 5),
            imdb_rating=float(np.clip(rating + random.normal() / 2, 1, 10)),
            tmdb_rating=float(np.clip(rating + random.normal() / 2, 0.5, 10)),
        )
        add_credit(star, key, director, "director")
    return spark_frames(spark, star, tmp_path_factory.mktemp("planted"))


def test_the_planted_correlation_is_within_its_interval(planted):
    answer = popularity_cost(
        planted["fact_title"],
        planted["dim_title"],
        planted["bridge_title_genre"],
        planted["dim_genre"],
    )
    (over_all,) = answer.where("measure = 'tmdb_popularity' and stratum = 'all'").collect()
    truth = 6 / math.pi * math.asin(0.6 / 2)
    assert over_all.ci_low < truth < over_all.ci_high
    assert over_all.ci_high - over_all.ci_low < 0.1


def test_the_planted_best_director_leads_and_one_lucky_film_is_not_enough(planted):
    answer = people(
        planted["fact_title"], planted["fact_credit"], planted["dim_title"], planted["dim_person"]
    )
    first, second, *others = answer.orderBy("rank").collect()
    assert (first.name, second.name) == ("Best", "Prolific")
    assert first.prior_mean < first.score < (first.imdb_mean + first.tmdb_mean) / 2
    assert first.ci_low < 8.4 < first.ci_high
    assert second.ci_high - second.ci_low < first.ci_high - first.ci_low
    assert "Lucky" not in {person.name for person in others}
    assert len(others) == 98
    assert first.left_out == {"people_under_3_titles": 1, "people_beyond_rank_100": 22}


def test_the_planted_trend_is_within_its_interval(planted):
    answer = trends(planted["fact_title"], planted["dim_title"], planted["fact_season"])
    (trend,) = answer.where("year is null").collect()
    assert trend.ci_low < 3 < trend.ci_high
    assert trend.n == 1200


def test_without_tmdb_there_are_tables_that_say_so(spark, tmp_path):
    star = empty_star()
    for key in range(1, 13):
        measures = {"tmdb_rating": None, "tmdb_votes": None, "runtime_minutes": 100}
        add_title(star, key, year=2000, genres=("War", "Drama"), tmdb=False, **measures)
    tables = spark_frames(spark, star, tmp_path)
    fact, title = tables["fact_title"], tables["dim_title"]
    q1 = popularity_cost(fact, title, tables["bridge_title_genre"], tables["dim_genre"]).collect()
    q2 = people(fact, tables["fact_credit"], title, tables["dim_person"]).collect()
    q3 = trends(fact, title, tables["fact_season"]).collect()
    q4 = ratings(fact, title).collect()
    assert {(r.stratum, r.n, r.rho, r.ci_low, r.left_out["no_tmdb"]) for r in q1} == {
        (stratum, 0, None, None, 12) for stratum in ("all", "War", "2000")
    }
    assert q2 == []
    assert [(r.measure, r.year, r.n, r.median, r.trend) for r in q3] == [
        ("film_length", 2000, 12, 100.0, None),
        ("film_length", None, 12, 100.0, None),
    ]
    assert {(r.kind, r.n, r.rho_imdb, r.ci_low, r.verdict) for r in q4} == {
        ("movie", 0, None, None, None),
        ("series", 0, None, None, None),
    }
    assert {r.kind: r.left_out for r in q4} == {"movie": {"no_both_ratings": 12}, "series": {}}


def test_people_who_do_not_differ_all_get_the_mean_and_no_interval(spark, tmp_path):
    star = empty_star()
    for person in (1, 2):
        star["dim_person"].append(row(DIM_PERSON, person_key=person, name=f"Person {person}"))
        for place, rating in enumerate((5.1, 6.3, 7.2)):
            key = 10 * person + place
            add_title(star, key, imdb_rating=rating, tmdb_rating=rating)
            add_credit(star, key, person, "creator")
    tables = spark_frames(spark, star, tmp_path)
    answer = people(
        tables["fact_title"], tables["fact_credit"], tables["dim_title"], tables["dim_person"]
    )
    rows = [(r.rank, r.name, r.score, r.ci_low, r.prior_weight) for r in answer.collect()]
    assert rows == [(1, "Person 1", 6.2, None, None), (2, "Person 2", 6.2, None, None)]


def test_specials_and_seasons_without_episodes_do_not_count(spark, tmp_path):
    star = empty_star()
    add_title(star, 1, "series")
    for number, episodes in ((0, 30), (1, 10), (2, 0), (3, None), (4, 12)):
        star["fact_season"].append(
            row(
                FACT_SEASON,
                **{"title_key": 1, "season_number": number, "air_year_key": 2001},
                **{"episodes": episodes, "is_special": number == 0},
            )
        )
    tables = spark_frames(spark, star, tmp_path)
    answer = trends(tables["fact_title"], tables["dim_title"], tables["fact_season"])
    (year,) = answer.where("measure = 'episodes_per_season' and year = 2001").collect()
    assert (year.n, year.q1, year.median, year.q3) == (2, 10.5, 11.0, 11.5)
    assert year.left_out == {"special": 1, "no_episodes": 2}
