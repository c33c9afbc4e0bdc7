"""Answers in words: the direction, the strength and the certainty that the figures carry."""

from collections.abc import Iterable, Sequence

from datalake.report.data import Row
from datalake.report.i18n import Translator

# Where one word for a rank correlation's strength ends and the next begins.
_STRENGTHS = ((0.1, "negligible"), (0.3, "weak"), (0.5, "moderate"), (1.0, "strong"))

KINDS = ("movie", "series")
ROLES = ("creator", "director", "lead_actor")
TREND_MEASURES = ("film_length", "episodes_per_season")
COST_MEASURES = ("tmdb_popularity", "imdb_votes")


def popularity_cost(rows: Sequence[Row], words: Translator) -> list[str]:
    """Q1: one sentence a measure over all films, and one over the genres."""
    over_all = {row["measure"]: row for row in rows if row["genre"] == "all"}
    sentences = [_relation(measure, over_all.get(measure), words) for measure in COST_MEASURES]
    genres = [
        words(
            "q1.genre",
            genre=words.name("genres", row["genre"]),
            **figures(words, row, row["rho"], 2),
        )
        for row in rows
        if row["genre"] != "all" and row["measure"] == COST_MEASURES[0] and row["rho"] is not None
    ]
    return [*sentences, words("q1.genres", genres=words.listed(genres))] if genres else sentences


def _relation(measure: str, row: Row | None, words: Translator) -> str:
    if row is None or row["rho"] is None:
        return words(f"q1.{measure}.unknown", n=words.number(row["n"] if row else 0))
    strength = _strength(row["ci_low"], row["ci_high"], words)
    return words(
        f"q1.{measure}.{direction(row)}", strength=strength, **figures(words, row, row["rho"], 2)
    )


def direction(row: Row) -> str:
    """`up` or `down` where the interval leaves 0 out, else `none`."""
    if row["ci_low"] > 0:
        return "up"
    return "down" if row["ci_high"] < 0 else "none"


def _strength(low: float, high: float, words: Translator) -> str:
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


def figures(words: Translator, row: Row, value: float, digits: int) -> dict[str, str]:
    """The places for figures of a sentence: value, interval and n."""
    return {
        "value": words.number(value, digits),
        "interval": words.interval(row["ci_low"], row["ci_high"], digits),
        "n": words.number(row["n"]),
    }


def people(rows: Sequence[Row], words: Translator) -> list[str]:
    """Q2: who is first in each role, and how sure that is."""
    return [_first(role, [r for r in rows if r["role"] == role], words) for role in ROLES]


def firsts(rows: Sequence[Row]) -> list[Row]:
    """The first of each role, where the figures give an order at all."""
    return [
        row
        for role in ROLES
        for row in rows
        if row["role"] == role and row["rank"] == 1 and row["ci_low"] is not None
    ]


def leaders(rows: Sequence[Row], words: Translator) -> str:
    """Q2 in short."""
    named = [
        words(
            "q2.leader",
            role=words(f"role_names.{row['role']}"),
            name=row["name"],
            score=words.number(row["score"], 2),
            interval=words.interval(row["ci_low"], row["ci_high"], 2),
        )
        for row in firsts(rows)
    ]
    return words("q2.leaders", leaders=words.listed(named)) if named else words("q2.no_leaders")


def _first(role: str, rows: list[Row], words: Translator) -> str:
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


def trends(rows: Sequence[Row], words: Translator) -> list[str]:
    """Q3: one sentence a measure."""
    return [trend(measure, "", over_all(rows, measure), words) for measure in TREND_MEASURES]


def trends_in_short(rows: Sequence[Row], words: Translator) -> str:
    """Q3 in one sentence."""
    parts = [trend(measure, "short_", over_all(rows, measure), words) for measure in TREND_MEASURES]
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def over_all(rows: Sequence[Row], measure: str) -> Row | None:
    """The row of the measure's trend, if there is one."""
    found = (row for row in rows if row["measure"] == measure and row["year"] is None)
    return next((row for row in found if row["trend"] is not None), None)


def trend(measure: str, form: str, row: Row | None, words: Translator) -> str:
    """One sentence, or, in the form `short_`, a part of one."""
    if row is None:
        return words(f"q3.{measure}.{form}unknown")
    where = direction(row)
    low, high = row["ci_low"], row["ci_high"]
    if where == "down":
        # The sentence says «shorter by», so its figures are positive.
        low, high = -high, -low
    value = row["trend"] if where == "none" else abs(row["trend"])
    said = figures(words, {**row, "ci_low": low, "ci_high": high}, value, 2)
    median = words.number(row["median"], 0 if row["median"] % 1 == 0 else 1)
    return words(f"q3.{measure}.{form}{where}", median=median, **said)


def ratings(rows: Sequence[Row], words: Translator, outcome: str = "q4.outcome") -> list[str]:
    """Q4: one sentence a kind of title; `outcome` names the text that tells of one outcome."""
    return [
        _verdicts(kind, [r for r in rows if r["kind"] == kind], words, outcome) for kind in KINDS
    ]


def _verdicts(kind: str, rows: list[Row], words: Translator, outcome: str) -> str:
    parts = [
        words(f"q4.{verdict or 'unknown'}", outcomes=_outcomes(rows, verdict, words, outcome))
        for verdict in ("imdb", "tmdb", "no_difference", None)
        if any(row["verdict"] == verdict for row in rows)
    ]
    return words(f"q4.{kind}", verdicts="; ".join(parts) or words("q4.nothing"))


def _outcomes(rows: Iterable[Row], verdict: str | None, words: Translator, outcome: str) -> str:
    return words.listed(
        words(
            outcome,
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
