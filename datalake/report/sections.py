"""The four questions as the page tells them: answer, how sure, other ways, who is left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from datalake.report import certainty, grids, sentences
from datalake.report.data import PageData, Row
from datalake.report.grids import Grid
from datalake.report.words import Words


@dataclass(frozen=True)
class Section:
    """A question in one language; `headline` and `sure` stand at the top of the page."""

    id: str
    headline: str
    sure: Sequence[str]
    answer: Sequence[str]
    caveats: Sequence[str]
    left_out: Sequence[str]
    sensitivity: Grid | None


def sections(data: PageData, words: Words) -> list[Section]:
    """The four sections, in the order of the questions."""
    return [
        _popularity_cost(data, words),
        _people(data, words),
        _trends(data, words),
        _ratings(data, words),
    ]


def _popularity_cost(data: PageData, words: Words) -> Section:
    rows = [row for row in data.answers["q1_popularity_cost"] if row["decade"] is None]
    answer = sentences.popularity_cost(rows, words)
    left_out = _left_out(
        (
            (words.name("measures", row["measure"]), row["left_out"])
            for row in rows
            if row["genre"] == "all"
        ),
        words,
    )
    sure = certainty.popularity_cost(rows, words)
    return _section("q1", data, words, answer[0], sure, answer, left_out)


def _people(data: PageData, words: Words) -> Section:
    rows = [
        row for row in data.answers["q2_people"] if row["kind"] == "all" and row["genre"] == "all"
    ]
    first = [row for role in sentences.ROLES for row in rows if row["role"] == role and row["rank"] == 1]
    left_out = _left_out(((words(f"roles.{row['role']}"), row["left_out"]) for row in first), words)
    priors = [
        words(
            "q2.prior",
            role=words(f"roles.{row['role']}"),
            mean=words.number(row["prior_mean"], 2),
            weight=words.number(row["prior_weight"], 1),
        )
        for row in first
        if row["prior_weight"] is not None
    ]
    answer, sure = sentences.people(rows, words), certainty.people(rows, words)
    headline = sentences.leaders(rows, words)
    return _section("q2", data, words, headline, sure, answer, left_out, priors)


def _trends(data: PageData, words: Words) -> Section:
    rows = [row for row in data.answers["q3_trends"] if row["genre"] == "all"]
    left_out = _left_out(
        (
            (words.name("measures", row["measure"]), row["left_out"])
            for row in rows
            if row["year"] is None
        ),
        words,
    )
    answer, sure = sentences.trends(rows, words), certainty.trends(rows, words)
    return _section(
        "q3", data, words, sentences.trends_in_short(rows, words), sure, answer, left_out
    )


def _ratings(data: PageData, words: Words) -> Section:
    rows = [
        row
        for row in data.answers["q4_ratings"]
        if row["genre"] == "all" and row["decade"] is None
    ]
    left_out = _left_out(
        (
            (
                f"{words.name('kinds', row['kind'])}, {words.name('outcomes', row['outcome'])}",
                row["left_out"],
            )
            for row in rows
        ),
        words,
    )
    headline = " ".join(sentences.ratings(rows, words, "q4.outcome_in_short"))
    answer, sure = sentences.ratings(rows, words), certainty.ratings(rows, words)
    return _section("q4", data, words, headline, sure, answer, left_out)


def _section(
    name: str,
    data: PageData,
    words: Words,
    headline: str,
    sure: Iterable[str],
    answer: Sequence[str],
    left_out: Sequence[str],
    method: Sequence[str] = (),
) -> Section:
    others = [row for row in data.answers["sensitivity"] if row["question"] == name]
    return Section(
        id=name,
        headline=headline,
        sure=[*sure, *certainty.other_ways(others, words)],
        answer=answer,
        caveats=[*words.all(f"{name}.caveats"), *method],
        left_out=left_out,
        sensitivity=grids.sensitivity(others, words) if others else None,
    )


def _left_out(counts: Iterable[tuple[str, Mapping[str, int]]], words: Words) -> list[str]:
    """«Directors: people with fewer than three titles: 120; …»; who left nobody out is unnamed."""
    return [f"{label}: {_reasons(by_reason, words)}" for label, by_reason in counts if by_reason]


def _reasons(by_reason: Mapping[str, int], words: Words) -> str:
    return "; ".join(
        words("left_out", reason=words.name("reasons", reason), n=words.number(count))
        for reason, count in sorted(by_reason.items())
    )
