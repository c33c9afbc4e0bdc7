"""Ratings and success on a wild star, each number confirmed by DuckDB."""

import pytest
from support.answers import headlines

EXACT = {"rel": 1e-9, "abs": 1e-9}

OUTCOMES = {
    ("movie", "return"): "revenue / budget",
    ("movie", "popularity"): "popularity",
    ("movie", "votes"): "votes",
    ("series", "seasons"): "seasons",
    ("series", "episodes"): "episodes",
}


@pytest.mark.parametrize(("kind", "outcome"), OUTCOMES)
def test_rating_correlations_are_those_of_duckdb(answers, duck, kind, outcome):
    def mid_rank(value):
        return f"(rank() over (order by {value}) + (count(*) over (partition by {value}) - 1) / 2)"

    rated = f"""
        select *, {mid_rank("imdb_votes")} + {mid_rank("tmdb_votes")} as votes
        from newest_facts join dim_title using (title_key)
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
        f"""select count(*) from newest_facts join dim_title using (title_key)
        where in_scope and kind = '{kind}'"""
    ).fetchone()
    assert row["n"] == n
    assert (row["rho_imdb"], row["rho_tmdb"]) == pytest.approx((rho_imdb, rho_tmdb), **EXACT)
    assert row["difference"] == pytest.approx(rho_imdb - rho_tmdb, **EXACT)
    assert row["imdb_low"] < row["rho_imdb"] < row["imdb_high"]
    assert row["tmdb_low"] < row["rho_tmdb"] < row["tmdb_high"]
    assert row["ci_low"] < row["difference"] < row["ci_high"]
    assert row["n"] + sum(row["left_out"].values()) == titles
