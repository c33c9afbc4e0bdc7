"""A second engine's opinion: every figure of the answers computed anew in plain SQL.

`oracle/*.sql` are the estimators in Athena's SQL over Refined, one file a view that shows the same
figures. Tests run them on DuckDB and compare them with the answers, and the views with both.
"""

import math
from pathlib import Path

from datalake.sql.views import all_views, in_dependency_order, read_views

FOLDER = Path(__file__).parent / "oracle"


def any_row(row):
    return True


def of_a_year(row):
    return row["year"] is not None


def of_a_trend(row):
    return row["year"] is None and row["n"] > 0


def of_a_genre(row):
    return row["place"] in (None, 1)


PAIRS = {
    "popularity_and_cost": ("q1_popularity_cost", any_row, ("measure", "genre", "decade")),
    "best_rated_people": ("q2_people", any_row, ("kind", "genre", "role", "rank")),
    "lengths_by_year": ("q3_trends", of_a_year, ("measure", "genre", "year")),
    "trends_per_decade": ("q3_trends", of_a_trend, ("measure", "genre")),
    "ratings_and_success": ("q4_ratings", any_row, ("kind", "genre", "decade", "outcome")),
    "growth_by_genre": ("q5_rising", of_a_genre, ("span", "measure", "kind", "genre")),
}
"""View → the answers table, which of its rows, and its key."""

REASONS = {
    "popularity_and_cost": ("no_tmdb", "no_budget", "no_measure", "no_year"),
    "ratings_and_success": ("no_both_ratings", "no_outcome", "no_year"),
    "growth_by_genre": ("new", "not_fetched_anew", "no_figure", "few_votes", "no_year"),
}
"""View → its columns that count who is left out."""

SHAPE = {"bends", "bends_low", "bends_high", "levels", "slopes", "slopes_low", "slopes_high"}
ONLY_ANSWERED = {
    "popularity_and_cost": {"ci_low", "ci_high", "adjusted_low", "adjusted_high"}
    | {"per_decade", "per_decade_low", "per_decade_high"}
    | {"over_others", "over_others_low", "over_others_high"},
    "best_rated_people": {"chance_of_first"},
    "lengths_by_year": SHAPE
    | {"trend", "ci_low", "ci_high"}
    | {"adjusted_trend", "adjusted_low", "adjusted_high"},
    "trends_per_decade": SHAPE
    | {"year", "median", "q1", "q3", "adjusted_median", "ci_low", "ci_high"}
    | {"adjusted_low", "adjusted_high"},
    "ratings_and_success": {"imdb_low", "imdb_high", "tmdb_low", "tmdb_high", "ci_low", "ci_high"}
    | {"adjusted_low", "adjusted_high", "verdict", "adjusted_verdict"}
    | {"worst_quarter", "best_quarter", "ratings_alike"}
    | {"skill_imdb", "skill_tmdb", "skill_both", "skill_low", "skill_high"}
    | {"gain", "gain_low", "gain_high"},
    "growth_by_genre": {"place", "title_key", "title", "before", "after", "days", "per_day"}
    | {"expected_per_day", "excess", "ci_low", "ci_high", "z", "holm", "is_rising", "rising"}
    | {"top_share", "top_low", "top_high", "rho_low", "rho_high"}
    | {"adjusted_low", "adjusted_high"},
}
"""View → what no plain SQL computes: intervals by influence, and what is concluded of them."""


def create_oracle(connection):
    """The oracle's views in the schema `oracle`; Refined and its views must be there."""
    connection.execute("create schema oracle")
    for view in oracle_views():
        create(connection, view)


def oracle_views():
    return in_dependency_order(read_views(FOLDER))


def create(connection, view, select=None):
    select = select or view.select_statement("duckdb")
    connection.execute(f"create or replace view oracle.{view.name} as {select}")


def create_base_views(connection, tables):
    """The lake's views on these tables alone."""
    available = set(tables)
    for view in all_views():
        if view.dependencies <= available:
            connection.execute(f"create view {view.name} as {view.select_statement('duckdb')}")
            available.add(view.name)


def rows_of(connection, sql):
    result = connection.execute(sql)
    names = [name for name, *_ in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def by_key(rows, key):
    rows = list(rows)
    keyed = {tuple(row[name] for name in key): row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


def answer_rows(connection, table):
    """The rows of an answers table."""
    return rows_of(connection, f"select * from answers.{table}")


def differences_from_answers(connection, view, answers):
    """Where the oracle and the answers differ, and how many figures were compared."""
    table, counts, key = PAIRS[view]
    expected = by_key(filter(counts, answers(table)), key)
    figures = {row: comparable(view, answer) for row, answer in expected.items()}
    return differences(by_key(rows_of(connection, f"select * from oracle.{view}"), key), figures)


def differences_from_oracle(connection, view):
    """Where the view and the oracle differ, over all of the oracle's columns."""
    key = PAIRS[view][-1]
    views, oracle = (
        by_key(rows_of(connection, f"select * from {name}"), key)
        for name in (view, f"oracle.{view}")
    )
    return differences(views, oracle)


def differences(rows, expected):
    """Rows by key that only one side has, cells that are not as expected; the cells compared."""
    different = [(key, "is not in both") for key in rows.keys() ^ expected.keys()]
    compared = 0
    for key in rows.keys() & expected.keys():
        for name, value in expected[key].items():
            compared += 1
            if not same(rows[key][name], value):
                different.append((key, name, rows[key][name], value))
    return different, compared


def comparable(view, answer):
    """The answer's columns that the oracle has too, in the view's form."""
    left_out = answer["left_out"]
    counted = {reason: left_out.get(reason, 0) for reason in REASONS.get(view, ())}
    figures = {
        name: value
        for name, value in answer.items()
        if name not in ONLY_ANSWERED[view] | {"left_out"}
    }
    if "best_known" in figures:
        figures["best_known"] = ", ".join(figures["best_known"])
    return figures | counted


def same(value, expected):
    """Equal, or as near as nine decimals tell."""
    if isinstance(expected, float) and value is not None:
        return math.isclose(value, expected, rel_tol=1e-9, abs_tol=2e-9)
    return value == expected
