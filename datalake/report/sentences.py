"""Sentences that several stories share: direction, strength, certainty, who is left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from datalake.report.i18n import Translator
from datalake.schemas.table import Row

# Where one word for a rank correlation's strength ends and the next begins.
_STRENGTHS = ((0.1, "negligible"), (0.3, "weak"), (0.5, "moderate"), (1.0, "strong"))

ANSWERED = ("as_answered", "adjusted", "adjusted_for_year")
"""Variants that are answers themselves, as they stand on the page."""

_CERTAIN = 0.05


def direction(row: Mapping[str, Any]) -> str:
    """`up` or `down` where the interval leaves 0 out, else `none`."""
    if row["ci_low"] > 0:
        return "up"
    return "down" if row["ci_high"] < 0 else "none"


def strength(low: float, high: float, translate: Translator) -> str:
    """The word for the whole interval; two words where it reaches from one to another."""
    ends = sorted((abs(low), abs(high)))
    weakest, strongest = (
        next(name for limit, name in _STRENGTHS if end < limit or limit == 1) for end in ends
    )
    if weakest == strongest:
        return translate(f"strength.{weakest}")
    return translate(
        "strength.range",
        weakest=translate(f"strength.{weakest}"),
        strongest=translate(f"strength.{strongest}"),
    )


def figures(translate: Translator, row: Row, value: float, digits: int) -> dict[str, str]:
    """The placeholders for figures of a sentence: value, interval and n."""
    return {
        "value": translate.number(value, digits),
        "interval": translate.interval(row["ci_low"], row["ci_high"], digits),
        "n": translate.number(row["n"]),
    }


def left_out(counts: Mapping[str, Mapping[str, int]], translate: Translator) -> list[str]:
    """«Directors: people with fewer than three titles: 120; …», one text per label."""
    return [
        f"{label}: {_reasons(by_reason, translate)}"
        for label, by_reason in counts.items()
        if by_reason
    ]


def counted(rows: Mapping[str, Row], translate: Translator, key: str = "counted") -> list[str]:
    """«Counted: 876 of 29,128 films (3%).», of the n and left_out of each unit's row."""
    shares = [
        translate(
            "counted_share",
            n=translate.number(row["n"]),
            all=translate.number(population_size(row)),
            unit=unit,
            share=translate.percent(row["n"] / population_size(row)),
        )
        for unit, row in rows.items()
        if population_size(row)
    ]
    return [translate(key, shares=translate.listed(shares))] if shares else []


def population_size(row: Row) -> int:
    """How many a row counts and leaves out."""
    return int(row["n"] + sum(row["left_out"].values()))


def _reasons(by_reason: Mapping[str, int], translate: Translator) -> str:
    return "; ".join(
        translate("left_out", reason=translate.name("reasons", reason), n=translate.number(count))
        for reason, count in sorted(by_reason.items())
    )


def other_ways(rows: Sequence[Row], translate: Translator) -> list[str]:
    """How many variants agree with the answer, if any can tell."""
    variants = [row for row in rows if row["variant"] not in ANSWERED and row["agrees"] is not None]
    if not variants:
        return []
    agree = sum(row["agrees"] for row in variants)
    counts = {"agree": translate.number(agree), "all": translate.number(len(variants))}
    key = "sure.same_leader" if variants[0]["leader"] else "sure.other_ways"
    return [translate(key, **counts)]


def many_looks(rows: Sequence[Row], translate: Translator) -> list[str]:
    """How many of several answers to a question stay certain after Holm's correction."""
    corrected = [row["holm"] for row in rows if row["holm"] is not None]
    if len(corrected) < 2:
        return []
    certain = sum(p < _CERTAIN for p in corrected)
    counts = {"all": translate.number(len(corrected)), "certain": translate.number(certain)}
    return [translate("sure.many_looks", **counts)]
