"""The four questions as the page tells them: answer, how sure, other ways, who is left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from datalake.report import certainty, grids, sentences
from datalake.report.data import PageData
from datalake.report.grids import Grid
from datalake.report.i18n import Translator


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


@dataclass(frozen=True)
class _Told:
    """What a question's own rows tell."""

    headline: str
    sure: Iterable[str]
    answer: Sequence[str]
    left_out: Sequence[str]
    method: Sequence[str] = ()


def sections(data: PageData, words: Translator) -> list[Section]:
    """The four sections, in the order of the questions."""
    tellers = {"q1": _popularity_cost, "q2": _people, "q3": _trends, "q4": _ratings}
    return [_section(name, tell(data, words), data, words) for name, tell in tellers.items()]


def _section(name: str, told: _Told, data: PageData, words: Translator) -> Section:
    ways = [row for row in data.answers["sensitivity"] if row["question"] == name]
    return Section(
        id=name,
        headline=told.headline,
        sure=[*told.sure, *certainty.other_ways(ways, words)],
        answer=told.answer,
        caveats=[*words.all(f"{name}.caveats"), *told.method],
        left_out=told.left_out,
        sensitivity=grids.sensitivity(name, ways, words) if ways else None,
    )


def _popularity_cost(data: PageData, words: Translator) -> _Told:
    rows = [row for row in data.answers["q1_popularity_cost"] if row["decade"] is None]
    left_out = {
        words.name("measures", row["measure"]): row["left_out"]
        for row in rows
        if row["genre"] == "all"
    }
    answer = sentences.popularity_cost(rows, words)
    sure = certainty.popularity_cost(rows, words)
    return _Told(answer[0], sure, answer, _left_out(left_out, words))


def _people(data: PageData, words: Translator) -> _Told:
    rows = [
        row for row in data.answers["q2_people"] if row["kind"] == "all" and row["genre"] == "all"
    ]
    first = {row["role"]: row for row in rows if row["rank"] == 1}
    left_out = {
        words(f"roles.{role}"): first[role]["left_out"] for role in sentences.ROLES if role in first
    }
    priors = [
        words(
            "q2.prior",
            role=words(f"roles.{role}"),
            mean=words.number(first[role]["prior_mean"], 2),
            weight=words.number(first[role]["prior_weight"], 1),
        )
        for role in sentences.ROLES
        if role in first and first[role]["prior_weight"] is not None
    ]
    answer, sure = sentences.people(rows, words), certainty.people(rows, words)
    headline = sentences.leaders(rows, words)
    return _Told(headline, sure, answer, _left_out(left_out, words), priors)


def _trends(data: PageData, words: Translator) -> _Told:
    rows = [row for row in data.answers["q3_trends"] if row["genre"] == "all"]
    left_out = {
        words.name("measures", row["measure"]): row["left_out"]
        for row in rows
        if row["year"] is None
    }
    answer, sure = sentences.trends(rows, words), certainty.trends(rows, words)
    return _Told(sentences.trends_in_short(rows, words), sure, answer, _left_out(left_out, words))


def _ratings(data: PageData, words: Translator) -> _Told:
    rows = [
        row for row in data.answers["q4_ratings"] if row["genre"] == "all" and row["decade"] is None
    ]
    left_out = {
        f"{words.name('kinds', row['kind'])}, {words.name('outcomes', row['outcome'])}": row[
            "left_out"
        ]
        for row in rows
    }
    headline = " ".join(sentences.ratings(rows, words, "q4.outcome_in_short"))
    answer, sure = sentences.ratings(rows, words), certainty.ratings(rows, words)
    return _Told(headline, sure, answer, _left_out(left_out, words))


def _left_out(counts: Mapping[str, Mapping[str, int]], words: Translator) -> list[str]:
    """«Directors: people with fewer than three titles: 120; …»; who left nobody out is unnamed."""
    return [
        f"{label}: {_reasons(by_reason, words)}" for label, by_reason in counts.items() if by_reason
    ]


def _reasons(by_reason: Mapping[str, int], words: Translator) -> str:
    return "; ".join(
        words("left_out", reason=words.name("reasons", reason), n=words.number(count))
        for reason, count in sorted(by_reason.items())
    )
