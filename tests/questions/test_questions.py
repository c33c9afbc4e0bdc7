"""The answers on a wild star, each number confirmed by DuckDB, SciPy or plain Python."""

import math
from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from support.sql_oracle import PAIRS, create_base_views, create_oracle, differences_from_answers
from support.star_rows import SHARED, duck_tables, spark_frames, wild_star

from datalake.pipeline.answers import answer_rows, as_frame
from datalake.pipeline.population import fetch_population
from datalake.questions.registry import ANSWERS

EXACT = {"rel": 1e-9, "abs": 1e-9}


def answers_of(spark, star, folder):
    """Every answer's rows by its name, as the tables hold them."""
    frames = spark_frames(spark, star, folder)
    found = answer_rows(frames, frames["dim_person"])
    return {
        table.name: [row.asDict() for row in as_frame(spark, table, rows).collect()]
        for table, rows in found.items()
    }


@pytest.fixture(scope="module")
def answers(spark, tmp_path_factory):
    return answers_of(spark, wild_star(), tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="module")
def duck(tmp_path_factory):
    with duck_tables(wild_star(), tmp_path_factory.mktemp("duck")) as connection:
        create_base_views(connection, [table.name for table in SHARED])
        create_oracle(connection)
        yield connection


def headlines(rows, **others):
    """The rows over all genres, with these other values too."""
    return [row for row in rows if all(row[k] == v for k, v in {"genre": "all", **others}.items())]


@pytest.mark.parametrize("view", PAIRS)
def test_sql_computes_the_same_answers(answers, duck, view):
    differences, compared = differences_from_answers(duck, view, answers.get)
    assert differences == []
    assert compared > 10


def test_every_answer_has_rows_and_its_key(answers):
    for table in ANSWERS:
        keys = [tuple(row[name] for name in table.key) for row in answers[table.name]]
        assert 0 < len(keys) == len(set(keys))


FILMS = """
    with films as (
        select t.title_key, t.tmdb_id, t.start_year, t.decade, f.* exclude (title_key)
        from dim_title t join fact_title f using (title_key)
        where t.in_scope and t.kind = 'movie'
    ), strata as (
        select 'all' genre, * from films
        union all select g.genre, films.* from films
            join bridge_title_genre using (title_key) join dim_genre g using (genre_key)
            where g.in_scope
    ), measured as (
        select 'tmdb_popularity' measure, *, popularity as value from strata
        union all select 'imdb_votes', *, imdb_votes from strata
    )
"""


def test_budget_correlations_are_those_of_scipy(answers, duck):
    for row in answers["q1_popularity_cost"]:
        counted = duck.execute(
            FILMS
            + """select budget, value, start_year, imdb_votes from measured
            where measure = ? and genre = ? and (cast(? as int) is null or decade = ?)
            and tmdb_id is not null and budget + value + start_year is not null""",
            [row["measure"], row["genre"], row["decade"], row["decade"]],
        ).fetchall()
        assert row["n"] == len(counted)
        if len(counted) < 10:
            assert row["rho"] is row["adjusted"] is None
            continue
        budget, value, year, votes = zip(*counted, strict=True)
        assert row["rho"] == pytest.approx(stats.spearmanr(budget, value).statistic, **EXACT)
        controls = [year] if row["measure"] == "imdb_votes" else [year, votes]
        expected = by_residuals(budget, value, controls)
        assert row["adjusted"] == pytest.approx(expected, **EXACT)
        assert row["ci_low"] < row["rho"] < row["ci_high"]
        assert row["adjusted_low"] < row["adjusted"] < row["adjusted_high"]


def by_residuals(x, y, controls):
    """A partial rank correlation: of what a line through the controls' ranks leaves of x and y."""
    ranks = [stats.rankdata(column) for column in (x, y, *controls)]
    lines = np.column_stack([np.ones(len(x)), *ranks[2:]])
    x, y = (r - lines @ np.linalg.lstsq(lines, r, rcond=None)[0] for r in ranks[:2])
    return float(np.corrcoef(x, y)[0, 1])


def test_every_film_counts_or_is_left_out_for_one_reason(answers, duck):
    for row in answers["q1_popularity_cost"]:
        (films,) = duck.execute(
            FILMS
            + """select count(*) from measured
            where measure = ? and genre = ? and (cast(? as int) is null or decade = ?)""",
            [row["measure"], row["genre"], row["decade"], row["decade"]],
        ).fetchone()
        assert row["n"] + sum(row["left_out"].values()) == films
    reasons = set().union(*(r["left_out"] for r in answers["q1_popularity_cost"]))
    assert reasons == {"no_tmdb", "no_budget", "no_measure", "no_year"}


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
    answer = headlines(answers["q2_people"], kind="all")
    assert {r["role"] for r in answer} == {"creator", "director", "lead_actor"}
    for role in ("creator", "director", "lead_actor"):
        groups = {
            person: [(imdb + tmdb) / 2 for imdb, tmdb, *_ in titles]
            for (of, person), titles in rated_credits.items()
            if of == role and len(titles) >= 3
        }
        mean, within, between = anova(list(groups.values()))
        assert stats.f_oneway(*groups.values()).pvalue < 0.05
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
    for row in headlines(answers["q2_people"], kind="all"):
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


def test_people_are_ranked_by_score_then_votes(answers):
    by_role = defaultdict(list)
    for row in sorted(answers["q2_people"], key=lambda r: r["rank"]):
        by_role[row["kind"], row["genre"], row["role"]].append(row)
    for rows in by_role.values():
        assert [r["rank"] for r in rows] == list(range(1, len(rows) + 1))
        order = [(-r["score"], -r["imdb_votes"], r["person_key"]) for r in rows]
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
        for r in headlines(answers["q3_trends"])
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
            if all(r[name] == trend[name] for name in ("measure", "genre"))
            and r["year"] is not None
            and r["n"] >= 5
        ]
        slopes = sorted((b - a) / (y - x) for (x, a), (y, b) in combinations(sorted(years), 2))
        middle = (slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
        assert trend["trend"] == pytest.approx(10 * middle)
        assert trend["ci_low"] <= trend["trend"] <= trend["ci_high"]


def test_every_film_and_season_counts_in_its_trend_or_is_left_out_for_one_reason(answers, duck):
    trend_rows = headlines(answers["q3_trends"], year=None)
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
        and start_year is not null
    """
    n, rho_imdb, rho_tmdb = duck.execute(
        f"""with rated as ({rated}),
        known as (select *, {OUTCOMES[kind, outcome]} as outcome from rated
            where {OUTCOMES[kind, outcome]} is not null),
        ranked as (select {mid_rank("outcome")} as o, {mid_rank("imdb_rating")} as i,
            {mid_rank("tmdb_rating")} as t from known)
        select count(*), corr(i, o), corr(t, o) from ranked"""
    ).fetchone()
    (row,) = headlines(answers["q4_ratings"], kind=kind, outcome=outcome, decade=None)
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
    whole, part = fetch_population(frames), fetch_population(frames, limit=100)
    assert whole.beyond_limit == {}
    assert part.titles.key.tolist() == whole.titles.key[:100].tolist()
    assert sum(part.beyond_limit.values()) == len(whole.titles) - 100
    assert part.titles.key[part.credits.title].tolist() == [
        key for key in whole.titles.key[whole.credits.title] if key in part.titles.key
    ]
    assert set(part.seasons.title) <= set(range(100))
