"""The four answers on a wild star, each number confirmed by DuckDB, SciPy or plain Python."""

import math
from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from star_rows import duck_tables, spark_frames, wild_star

from datalake.answers import people, popularity_cost, ratings, trends
from datalake.answers.columns import fetch
from datalake.schemas import ANSWERS
from datalake.schemas.answers import PEOPLE, RATINGS

EXACT = {"rel": 1e-9, "abs": 1e-9}


def answer_frames(tables):
    fact, title = tables["fact_title"], tables["dim_title"]
    return {
        "q1_popularity_cost": popularity_cost(
            fact, title, tables["bridge_title_genre"], tables["dim_genre"]
        ),
        "q2_people": people(fact, tables["fact_credit"], title, tables["dim_person"]),
        "q3_trends": trends(fact, title, tables["fact_season"]),
        "q4_ratings": ratings(fact, title),
    }


def rows_of(frames):
    return {name: [row.asDict() for row in frame.collect()] for name, frame in frames.items()}


@pytest.fixture(scope="module")
def frames(spark, tmp_path_factory):
    return answer_frames(spark_frames(spark, wild_star(), tmp_path_factory.mktemp("spark")))


@pytest.fixture(scope="module")
def answers(frames):
    return rows_of(frames)


@pytest.fixture(scope="module")
def duck(tmp_path_factory):
    with duck_tables(wild_star(), tmp_path_factory.mktemp("duck")) as connection:
        yield connection


def test_every_answer_is_its_contract(frames):
    for table in ANSWERS:
        found = [(f.name, f.dataType.simpleString()) for f in frames[table.name].schema]
        assert found == [(c.name, c.type.replace("long", "bigint")) for c in table.columns]


FILMS = """
    with films as (
        select t.title_key, t.tmdb_id, t.decade, f.* exclude (title_key)
        from dim_title t join fact_title f using (title_key)
        where t.in_scope and t.kind = 'movie'
    ), strata as (
        select 'all' stratum_type, 'all' stratum, * from films
        union all select 'decade', decade::varchar, * from films where decade is not null
        union all select 'genre', g.genre, films.* from films
            join bridge_title_genre using (title_key) join dim_genre g using (genre_key)
            where g.in_scope
    ), measured as (
        select 'tmdb_popularity' measure, *, popularity as value from strata
        union all select 'imdb_votes', *, imdb_votes from strata
    )
"""


def test_budget_correlations_are_those_of_duckdb(answers, duck):
    answer = answers["q1_popularity_cost"]
    cells = duck.execute(
        FILMS
        + """, ranked as (
            select *,
                rank() over (cell order by budget)
                    + (count(*) over (partition by measure, stratum_type, stratum, budget) - 1) / 2
                    as budget_rank,
                rank() over (cell order by value)
                    + (count(*) over (partition by measure, stratum_type, stratum, value) - 1) / 2
                    as value_rank
            from measured where tmdb_id is not null and budget is not null and value is not null
            window cell as (partition by measure, stratum_type, stratum)
        )
        select measure, stratum_type, stratum, count(*), corr(budget_rank, value_rank)
        from ranked group by all"""
    ).fetchall()
    expected = {tuple(cell[:3]): cell[3:] for cell in cells}
    assert {(r["measure"], r["stratum_type"], r["stratum"]) for r in answer} >= set(expected)
    for row in answer:
        cell = (row["measure"], row["stratum_type"], row["stratum"])
        n, rho = expected.get(cell, (0, None))
        assert row["n"] == n
        assert row["rho"] == (pytest.approx(rho, **EXACT) if n >= 10 else None)


def test_budget_correlation_over_all_is_that_of_scipy_with_bonett_and_wrights_interval(
    answers, duck
):
    (row,) = [
        r
        for r in answers["q1_popularity_cost"]
        if (r["measure"], r["stratum"]) == ("tmdb_popularity", "all")
    ]
    budget, value = zip(
        *duck.execute(
            FILMS
            + """select budget, value from measured where measure = 'tmdb_popularity'
            and stratum = 'all' and tmdb_id is not null and budget + value is not null"""
        ).fetchall(),
        strict=True,
    )
    rho = stats.spearmanr(budget, value).statistic
    half = 1.959963984540054 * math.sqrt((1 + rho**2 / 2) / (len(budget) - 3))
    assert row["rho"] == pytest.approx(rho, **EXACT)
    assert row["ci_low"] == pytest.approx(math.tanh(math.atanh(rho) - half), **EXACT)
    assert row["ci_high"] == pytest.approx(math.tanh(math.atanh(rho) + half), **EXACT)


def test_every_film_counts_or_is_left_out_for_one_reason(answers, duck):
    answer = answers["q1_popularity_cost"]
    films = duck.execute(
        FILMS + "select measure, stratum_type, stratum, count(*) from measured group by all"
    ).fetchall()
    assert {
        (r["measure"], r["stratum_type"], r["stratum"], r["n"] + sum(r["left_out"].values()))
        for r in answer
    } == set(films)
    assert set().union(*(r["left_out"] for r in answer)) == {"no_tmdb", "no_budget", "no_measure"}


@pytest.fixture(scope="module")
def rated_credits(duck):
    """(role, person) → [(imdb, tmdb, imdb votes, tmdb votes, title)] as the question reads."""
    found = defaultdict(list)
    for role, person, *title in duck.execute(
        """with roles as (
            select role, person_key, title_key from fact_credit
            where role in ('creator', 'director')
            union all
            select 'lead_actor', person_key, title_key from (
                select *, row_number() over (
                    partition by title_key order by cast_order, person_key) as billing
                from fact_credit where role = 'actor' and cast_order is not null)
            where billing = 1
        )
        select role, person_key, imdb_rating, tmdb_rating, imdb_votes, tmdb_votes, primary_title
        from roles join fact_title using (title_key) join dim_title using (title_key)
        where in_scope and person_key != 0 and imdb_rating + tmdb_rating is not null"""
    ).fetchall():
        found[role, person].append(tuple(title))
    return found


def test_scores_are_those_of_plain_python(answers, rated_credits):
    answer = answers["q2_people"]
    assert {r["role"] for r in answer} == {"creator", "director", "lead_actor"}
    for role in ("creator", "director", "lead_actor"):
        groups = {
            person: [(imdb + tmdb) / 2 for imdb, tmdb, *_ in titles]
            for (of, person), titles in rated_credits.items()
            if of == role and len(titles) >= 3
        }
        mean, within, between = anova(list(groups.values()))
        weight = within / between
        listed = {r["person_key"]: r for r in answer if r["role"] == role}
        assert set(listed) == set(groups)
        for person, row in listed.items():
            n = len(groups[person])
            score = (sum(groups[person]) + weight * mean) / (n + weight)
            half = 1.959963984540054 * math.sqrt(within / (n + weight))
            assert row["prior_mean"] == pytest.approx(mean)
            assert row["prior_weight"] == pytest.approx(weight)
            assert row["score"] == pytest.approx(score)
            assert (row["ci_low"], row["ci_high"]) == pytest.approx((score - half, score + half))


def anova(groups):
    """Mean, variance within and variance between groups of unequal size (method of moments)."""
    everything = [value for group in groups for value in group]
    total, mean = len(everything), sum(everything) / len(everything)
    means = [sum(group) / len(group) for group in groups]
    within = sum(
        (value - m) ** 2 for group, m in zip(groups, means, strict=True) for value in group
    ) / (total - len(groups))
    of_means = sum(len(group) * (m - mean) ** 2 for group, m in zip(groups, means, strict=True)) / (
        len(groups) - 1
    )
    typical = (total - sum(len(group) ** 2 for group in groups) / total) / (len(groups) - 1)
    return mean, within, (of_means - within) / typical


def test_people_carry_their_titles_and_who_is_left_out(answers, rated_credits, duck):
    (unrated,) = duck.execute(
        """select count(*) from dim_title join fact_title using (title_key)
        where in_scope and imdb_rating + tmdb_rating is null"""
    ).fetchone()
    for row in answers["q2_people"]:
        titles = rated_credits[row["role"], row["person_key"]]
        imdb, tmdb, imdb_votes, tmdb_votes, _ = zip(*titles, strict=True)
        known = [title for *_, title in sorted(titles, key=lambda t: (t[2], t[4]), reverse=True)]
        few = sum(len(t) < 3 for (role, _), t in rated_credits.items() if role == row["role"])
        assert row["titles"] == len(titles)
        assert row["imdb_mean"] == pytest.approx(sum(imdb) / len(imdb))
        assert row["tmdb_mean"] == pytest.approx(sum(tmdb) / len(tmdb))
        assert (row["imdb_votes"], row["tmdb_votes"]) == (sum(imdb_votes), sum(tmdb_votes))
        assert row["best_known"] == known[:3]
        left_out = {"people_under_3_titles": few, "titles_without_both_ratings": unrated}
        assert row["left_out"] == {reason: count for reason, count in left_out.items() if count}


def test_people_are_ranked_by_score_then_votes_then_name(answers):
    by_role = defaultdict(list)
    for row in sorted(answers["q2_people"], key=lambda r: (r["role"], r["rank"])):
        by_role[row["role"]].append(row)
    for rows in by_role.values():
        assert [r["rank"] for r in rows] == list(range(1, len(rows) + 1))
        order = [(-r["score"], -r["imdb_votes"], r["name"]) for r in rows]
        assert order == sorted(order)


SEEN = """
    with seen as (
        select 'film_length' measure, start_year_key as year, runtime_minutes as value,
            runtime_minutes is not null as counts
        from fact_title join dim_title using (title_key) where in_scope and kind = 'movie'
        union all
        select 'episodes_per_season', air_year_key, episodes, not is_special and episodes > 0
        from fact_season join dim_title using (title_key) where in_scope and kind = 'series'
    )
"""


def test_medians_and_quartiles_are_those_of_duckdb(answers, duck):
    answer = {
        (r["measure"], r["year"]): (r["n"], r["median"], r["q1"], r["q3"])
        for r in answers["q3_trends"]
        if r["year"] is not None and r["n"]
    }
    expected = duck.execute(
        SEEN
        + """select measure, year, count(*), median(value), quantile_cont(value, 0.25),
            quantile_cont(value, 0.75) from seen where counts and year != 0 group by all"""
    ).fetchall()
    assert answer == {tuple(r[:2]): tuple(r[2:]) for r in expected}


def test_trends_are_the_median_of_all_slopes_between_years(answers):
    answer = answers["q3_trends"]
    for trend in (r for r in answer if r["year"] is None):
        years = [
            (r["year"], r["median"])
            for r in answer
            if r["measure"] == trend["measure"] and r["year"] is not None and r["n"] >= 5
        ]
        slopes = sorted((b - a) / (y - x) for (x, a), (y, b) in combinations(sorted(years), 2))
        middle = (slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
        assert trend["trend"] == pytest.approx(10 * middle)
        assert trend["ci_low"] <= trend["trend"] <= trend["ci_high"]


def test_every_film_and_season_counts_in_its_trend_or_is_left_out_for_one_reason(answers, duck):
    trend_rows = [r for r in answers["q3_trends"] if r["year"] is None]
    assert {r["measure"]: r["n"] + sum(r["left_out"].values()) for r in trend_rows} == dict(
        duck.execute(SEEN + "select measure, count(*) from seen group by all").fetchall()
    )
    assert {r["measure"]: set(r["left_out"]) for r in trend_rows} == {
        "film_length": {"no_runtime", "no_year", "year_under_5"},
        "episodes_per_season": {"special", "no_episodes", "no_year"},
    }


OUTCOMES = {
    ("movie", "return"): "revenue / budget",
    ("movie", "popularity"): "popularity",
    ("movie", "votes"): "votes",
    ("series", "years_on_air"): "years_on_air",
    ("series", "seasons"): "seasons",
    ("series", "episodes"): "episodes",
}


@pytest.mark.parametrize(("kind", "outcome"), OUTCOMES)
def test_rating_correlations_are_those_of_duckdb(answers, duck, kind, outcome):
    def mid_rank(value):
        return f"(rank() over (order by {value}) + (count(*) over (partition by {value}) - 1) / 2)"

    rated = f"""
        select *, {mid_rank("imdb_votes")} + {mid_rank("tmdb_votes")} as votes
        from fact_title join dim_title using (title_key)
        where in_scope and kind = '{kind}' and imdb_rating is not null and tmdb_rating is not null
    """
    n, rho_imdb, rho_tmdb = duck.execute(
        f"""with rated as ({rated}),
        known as (select *, {OUTCOMES[kind, outcome]} as outcome from rated
            where {OUTCOMES[kind, outcome]} is not null),
        ranked as (select {mid_rank("outcome")} as o, {mid_rank("imdb_rating")} as i,
            {mid_rank("tmdb_rating")} as t from known)
        select count(*), corr(i, o), corr(t, o) from ranked"""
    ).fetchone()
    (row,) = [r for r in answers["q4_ratings"] if (r["kind"], r["outcome"]) == (kind, outcome)]
    (titles,) = duck.execute(
        f"""select count(*) from fact_title join dim_title using (title_key)
        where in_scope and kind = '{kind}'"""
    ).fetchone()
    assert row["n"] == n
    assert (row["rho_imdb"], row["rho_tmdb"]) == pytest.approx((rho_imdb, rho_tmdb), **EXACT)
    assert row["difference"] == pytest.approx(abs(rho_imdb) - abs(rho_tmdb), **EXACT)
    assert row["imdb_low"] < row["rho_imdb"] < row["imdb_high"]
    assert row["tmdb_low"] < row["rho_tmdb"] < row["tmdb_high"]
    assert row["ci_low"] < row["difference"] < row["ci_high"]
    assert row["n"] + sum(row["left_out"].values()) == titles


def test_the_order_of_rows_changes_no_answer(spark, answers, tmp_path):
    backwards = {name: rows[::-1] for name, rows in wild_star().items()}
    tables = spark_frames(spark, backwards, tmp_path)
    fact, title = tables["fact_title"], tables["dim_title"]
    ranked = people(fact, tables["fact_credit"], title, tables["dim_person"])
    for table, frame in ((PEOPLE, ranked), (RATINGS, ratings(fact, title))):
        again = [row.asDict() for row in frame.collect()]
        assert by_key(again, table.key) == by_key(answers[table.name], table.key)


def test_of_more_rows_than_allowed_those_with_the_lowest_keys_are_fetched(spark):
    frame = spark.createDataFrame([(4, 40, 0.5), (1, None, 1.5), (3, 30, 2.5), (2, 20, 3.5)])
    columns, behind = fetch(frame.toDF("key", "a", "b"), "key", ["a", "b"], limit=3)
    assert behind == 1
    assert columns["b"].tolist() == [1.5, 3.5, 2.5]
    assert np.isnan(columns["a"][0])
    assert columns["a"][1:].tolist() == [20, 30]


def by_key(rows, key):
    return sorted(rows, key=lambda row: [str(row[name]) for name in key])
