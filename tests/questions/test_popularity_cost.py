"""Budget and attention on a wild star, each number confirmed by SciPy and DuckDB."""

import numpy as np
import pytest
from scipy import stats

EXACT = {"rel": 1e-9, "abs": 1e-9}

FILMS = """
    with films as (
        select t.title_key, t.tmdb_id, t.start_year, t.decade, f.* exclude (title_key)
        from dim_title t join newest_facts f using (title_key)
        where t.in_scope and t.kind = 'movie'
    ), strata as (
        select 'all' genre, * from films
        union all select g.genre, films.* from films
            join bridge_title_genre using (title_key) join dim_genre g using (genre_key)
            where g.in_scope
    ), measured as (
        select 'tmdb_popularity' measure, *, popularity as value from strata
        union all select 'imdb_votes', *, imdb_votes from strata
        union all select 'return', *, revenue / budget from strata
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
