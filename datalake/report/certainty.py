"""How sure an answer is, in words: its interval, the figure adjusted for fame, other ways."""

from collections.abc import Iterator, Sequence

from datalake.report import sentences
from datalake.report.data import Row
from datalake.report.i18n import Translator

OWN = ("as_answered", "adjusted")
"""Variants that are the answer itself, not another way to compute it."""


def popularity_cost(rows: Sequence[Row], words: Translator) -> Iterator[str]:
    """Q1: of TMDB's popularity over all films."""
    row = next((r for r in rows if r["measure"] == "tmdb_popularity" and r["genre"] == "all"), None)
    if row is None or row["rho"] is None:
        return
    yield words("sure.unsure" if sentences.direction(row) == "none" else "sure.sure")
    if row["adjusted"] is not None:
        yield words(
            f"sure.q1.{row['adjusted_for']}",
            value=words.number(row["adjusted"], 2),
            interval=words.interval(row["adjusted_low"], row["adjusted_high"], 2),
        )


def people(rows: Sequence[Row], words: Translator) -> Iterator[str]:
    """Q2: each leader's chance to be the best, and their place among their like."""
    first = sentences.firsts(rows)
    chances = [
        words("sure.q2.chance", name=row["name"], chance=words.percent(row["chance_of_first"]))
        for row in first
        if row["chance_of_first"] is not None
    ]
    if chances:
        yield words("sure.q2.chances", chances=words.listed(chances))
    places = [
        words(
            "sure.q2.place",
            name=row["name"],
            score=words.number(row["adjusted"], 2),
            place=words.number(row["adjusted_rank"]),
        )
        for row in first
        if row["adjusted_rank"] is not None
    ]
    if places:
        yield words("sure.q2.places", places=words.listed(places))


def trends(rows: Sequence[Row], words: Translator) -> Iterator[str]:
    """Q3: whether each trend is told from none, and what is left of it at a constant mix."""
    for measure in sentences.TREND_MEASURES:
        row = sentences.over_all(rows, measure)
        if row is not None and row["adjusted_trend"] is not None:
            yield words(
                f"sure.q3.{measure}",
                value=words.number(row["adjusted_trend"], 2),
                interval=words.interval(row["adjusted_low"], row["adjusted_high"], 2),
            )


def ratings(rows: Sequence[Row], words: Translator) -> Iterator[str]:
    """Q4: for how many outcomes the verdict stays the same among equally famous titles."""
    told = [row for row in rows if row["verdict"] and row["adjusted_verdict"]]
    if told:
        same = sum(row["verdict"] == row["adjusted_verdict"] for row in told)
        yield words("sure.q4", same=words.number(same), all=words.number(len(told)))


def other_ways(rows: Sequence[Row], words: Translator) -> Iterator[str]:
    """How many of the other ways to compute a question's answers say the same."""
    told = [row for row in rows if row["variant"] not in OWN and row["agrees"] is not None]
    if told:
        agree = sum(row["agrees"] for row in told)
        yield words("sure.other_ways", agree=words.number(agree), all=words.number(len(told)))
