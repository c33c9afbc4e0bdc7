"""Answers in words: the direction, the strength and the certainty that the figures carry."""

from collections.abc import Iterable, Sequence

from datalake.report.data import Row
from datalake.report.words import Words

# Where one word for a rank correlation's strength ends and the next begins.
_STRENGTHS = ((0.1, "negligible"), (0.3, "weak"), (0.5, "moderate"), (1.0, "strong"))

KINDS = ("movie", "series")
ROLES = ("creator", "director", "lead_actor")
TREND_MEASURES = ("film_length", "episodes_per_season")
COST_MEASURES = ("tmdb_popularity", "imdb_votes")


def popularity_cost(rows: Sequence[Row], words: Words) -> list[str]:
    """Q1: one sentence a measure over all films, and one over the genres."""
    over_all = {row["measure"]: row for row in rows if row["stratum_type"] == "all"}
    sentences = [_relation(measure, over_all.get(measure), words) for measure in COST_MEASURES]
    genres = [
        words(
            "q1.genre",
            genre=words.name("genres", row["stratum"]),
            **_figures(words, row, row["rho"], 2),
        )
        for row in rows
        if row["stratum_type"] == "genre"
        and row["measure"] == COST_MEASURES[0]
        and row["rho"] is not None
    ]
    return [*sentences, words("q1.genres", genres=words.listed(genres))] if genres else sentences


def _relation(measure: str, row: Row | None, words: Words) -> str:
    if row is None or row["rho"] is None:
        return words(f"q1.{measure}.unknown", n=words.number(row["n"] if row else 0))
    direction = _direction(row["ci_low"], row["ci_high"])
    strength = _strength(row["ci_low"], row["ci_high"], words)
    return words(
        f"q1.{measure}.{direction}", strength=strength, **_figures(words, row, row["rho"], 2)
    )


def _direction(low: float, high: float) -> str:
    """`up` or `down` where the interval leaves 0 out, else `none`."""
    if low > 0:
        return "up"
    return "down" if high < 0 else "none"


def _strength(low: float, high: float, words: Words) -> str:
    """The word for the whole interval; two words where it reaches from one to another."""
    ends = sorted((abs(low), abs(high)))
    weakest, strongest = (
        next(name for limit, name in _STRENGTHS if end < limit or limit == 1) for end in ends
    )
    if weakest == strongest:
        return words(f"strength.{weakest}")
    return words(
        "strength.range",
        weakest=words(f"strength.{weakest}"),
        strongest=words(f"strength.{strongest}"),
    )


def _figures(words: Words, row: Row, value: float, digits: int) -> dict[str, str]:
    return {
        "value": words.number(value, digits),
        "interval": words.interval(row["ci_low"], row["ci_high"], digits),
        "n": words.number(row["n"]),
    }


def people(rows: Sequence[Row], words: Words) -> list[str]:
    """Q2: who is first in each role, and how sure that is."""
    return [_first(role, [r for r in rows if r["role"] == role], words) for role in ROLES]


def leaders(rows: Sequence[Row], words: Words) -> str:
    """Q2 in short: the first of each role, where the figures give an order at all."""
    firsts = [
        words(
            "q2.leader",
            role=words(f"roles.{row['role']}"),
            name=row["name"],
            score=words.number(row["score"], 2),
            interval=words.interval(row["ci_low"], row["ci_high"], 2),
        )
        for role in ROLES
        for row in rows
        if row["role"] == role and row["rank"] == 1 and row["ci_low"] is not None
    ]
    return words("q2.leaders", leaders="; ".join(firsts)) if firsts else words("q2.no_leaders")


def _first(role: str, rows: list[Row], words: Words) -> str:
    name = words(f"roles.{role}")
    if not rows:
        return words("q2.nobody", role=name)
    first, *others = sorted(rows, key=lambda row: int(row["rank"]))
    if first["ci_low"] is None:
        return words("q2.no_order", role=name, n=words.number(len(rows)))
    rivals = sum(row["ci_high"] >= first["ci_low"] for row in others)
    return words(
        "q2.first" if rivals else "q2.clear_first",
        role=name,
        name=first["name"],
        score=words.number(first["score"], 2),
        interval=words.interval(first["ci_low"], first["ci_high"], 2),
        titles=words.number(first["titles"]),
        rivals=words.number(rivals),
        others=words.number(len(others)),
    )


def trends(rows: Sequence[Row], words: Words) -> list[str]:
    """Q3: one sentence a measure."""
    return [
        _trend(measure, [r for r in rows if r["measure"] == measure], words)
        for measure in TREND_MEASURES
    ]


def _trend(measure: str, rows: list[Row], words: Words) -> str:
    over_all = next((row for row in rows if row["year"] is None), None)
    if over_all is None or over_all["trend"] is None:
        return words(f"q3.{measure}.unknown")
    direction = _direction(over_all["ci_low"], over_all["ci_high"])
    low, high = over_all["ci_low"], over_all["ci_high"]
    if direction == "down":
        # The sentence says «shorter by», so its figures are positive.
        low, high = -high, -low
    value = over_all["trend"] if direction == "none" else abs(over_all["trend"])
    figures = _figures(words, {**over_all, "ci_low": low, "ci_high": high}, value, 2)
    median = words.number(over_all["median"], 0 if over_all["median"] % 1 == 0 else 1)
    return words(f"q3.{measure}.{direction}", median=median, **figures)


def ratings(rows: Sequence[Row], words: Words) -> list[str]:
    """Q4: one sentence a kind of title."""
    return [_verdicts(kind, [r for r in rows if r["kind"] == kind], words) for kind in KINDS]


def _verdicts(kind: str, rows: list[Row], words: Words) -> str:
    parts = [
        words(f"q4.{verdict or 'unknown'}", outcomes=_outcomes(rows, verdict, words))
        for verdict in ("imdb", "tmdb", "no_difference", None)
        if any(row["verdict"] == verdict for row in rows)
    ]
    return words(f"q4.{kind}", verdicts="; ".join(parts) or words("q4.nothing"))


def _outcomes(rows: Iterable[Row], verdict: str | None, words: Words) -> str:
    return words.listed(
        words(
            "q4.outcome",
            outcome=words.name("outcomes", row["outcome"]),
            imdb=words.number(row["rho_imdb"], 2),
            tmdb=words.number(row["rho_tmdb"], 2),
            n=words.number(row["n"]),
        )
        if verdict
        else words.name("outcomes", row["outcome"])
        for row in rows
        if row["verdict"] == verdict
    )
