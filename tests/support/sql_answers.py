"""The views of `sql/` beside the answers: the same rows, the same numbers."""

import math


def any_row(row):
    return True


def of_a_year(row):
    return row["year"] is not None


def of_a_trend(row):
    return row["year"] is None and row["n"] > 0


PAIRS = {
    "popularity_and_cost": ("q1_popularity_cost", any_row, ("measure", "genre", "decade")),
    "best_rated_people": ("q2_people", any_row, ("kind", "genre", "role", "rank")),
    "lengths_by_year": ("q3_trends", of_a_year, ("measure", "genre", "year")),
    "trends_per_decade": ("q3_trends", of_a_trend, ("measure", "genre")),
    "ratings_and_success": ("q4_ratings", any_row, ("kind", "genre", "decade", "outcome")),
}
"""View → the answers table, which of its rows, and what marks a row."""

REASONS = {
    "popularity_and_cost": ("no_tmdb", "no_budget", "no_measure", "no_year"),
    "ratings_and_success": ("no_both_ratings", "no_outcome", "no_year"),
}
"""View → its columns that count who is left out."""

ONLY_ANSWERED = {
    "popularity_and_cost": {"ci_low", "ci_high", "adjusted_low", "adjusted_high"},
    "best_rated_people": {"chance_of_first"},
    "lengths_by_year": {"trend", "ci_low", "ci_high"}
    | {"adjusted_trend", "adjusted_low", "adjusted_high"},
    "trends_per_decade": {"year", "median", "q1", "q3", "adjusted_median", "ci_low", "ci_high"}
    | {"adjusted_low", "adjusted_high"},
    "ratings_and_success": {"imdb_low", "imdb_high", "tmdb_low", "tmdb_high", "ci_low", "ci_high"}
    | {"adjusted_low", "adjusted_high", "verdict", "adjusted_verdict"},
}
"""View → what no plain SQL computes: intervals by influence, and what is concluded of them."""


def rows_of(connection, sql):
    found = connection.execute(sql)
    names = [name for name, *_ in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def by_key(rows, key):
    rows = list(rows)
    keyed = {tuple(row[name] for name in key): row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


def answered(connection, table):
    """The rows of an answers table."""
    return rows_of(connection, f"select * from answers.{table}")


def differences(connection, view, answers):
    """What the view says otherwise than the answers, given by table; the figures compared."""
    table, counts, key = PAIRS[view]
    answered = by_key(filter(counts, answers(table)), key)
    seen = by_key(rows_of(connection, f"select * from {view}"), key)
    found = [(row, "is not in both") for row in answered.keys() ^ seen.keys()]
    compared = 0
    for row in answered.keys() & seen.keys():
        for name, expected in comparable(view, answered[row]).items():
            compared += 1
            if not same(seen[row][name], expected):
                found.append((row, name, seen[row][name], expected))
    return found, compared


def comparable(view, answer):
    """The answer's columns that the view has too, in the view's form."""
    left_out = answer["left_out"]
    counted = {reason: left_out.get(reason, 0) for reason in REASONS.get(view, ())}
    shown = {
        name: value
        for name, value in answer.items()
        if name not in ONLY_ANSWERED[view] | {"left_out"}
    }
    if "best_known" in shown:
        shown["best_known"] = ", ".join(shown["best_known"])
    return shown | counted


def same(found, expected):
    """Equal, or as near as nine decimals tell."""
    if isinstance(expected, float) and found is not None:
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=2e-9)
    return found == expected
