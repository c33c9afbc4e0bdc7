"""Trends on a wild star, each number confirmed by DuckDB or plain Python."""

from itertools import combinations

import pytest
from support.answers import headlines

OBSERVED = """
    with observed as (
        select 'film_length' measure, start_year_key as year, runtime_minutes as value,
            runtime_minutes is not null as counts
        from newest_facts join dim_title using (title_key) where in_scope and kind = 'movie'
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
        OBSERVED
        + """select measure, year, count(*), median(value), quantile_cont(value, 0.25),
            quantile_cont(value, 0.75) from observed where counts and year != 0 group by all"""
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
        duck.execute(OBSERVED + "select measure, count(*) from observed group by all").fetchall()
    )
    assert {r["measure"]: set(r["left_out"]) for r in trend_rows} == {
        "film_length": {"no_runtime", "no_year", "year_under_5"},
        "episodes_per_season": {"special", "no_episodes", "no_year"},
    }
