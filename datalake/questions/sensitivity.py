"""Sensitivity analysis: each headline again, with one choice made otherwise."""

from collections.abc import Iterator, Sequence
from typing import Any

from datalake.questions.population import Population, Titles
from datalake.questions.question import Question
from datalake.schemas.table import Row
from datalake.statistics.estimate import Estimate, Mask
from datalake.statistics.many import holm

ANSWERED = ("as_answered", "adjusted", "adjusted_for_year")
"""Variants that are answers themselves: their p-values are corrected for multiple testing."""

_MIN_VOTES = (100, 1_000)
_MAX_SIZE_RATIO = 1.5

Variants = Iterator[tuple[str, int, Estimate]]
"""Each variant's name, how many count in it, and the headline's estimate."""


def vary_all(questions: Sequence[Question], population: Population) -> list[Row]:
    """One row per question × subject × variant; each subject's first is the answer."""
    return [
        {"question": question.id, **row}
        for question in questions
        for row in _with_holm(question.vary(population))
    ]


def _with_holm(rows: list[Row]) -> list[Row]:
    """The rows with `holm`: an answer's p-value corrected for all answers; null for variants.

    Two answers that mirror each other, as of two genres that share no title, are one test.
    """
    tested = [row["variant"] in ANSWERED and row["p"] is not None for row in rows]
    p_by_test = {
        _test_identity(row): row["p"] for row, is_test in zip(rows, tested, strict=True) if is_test
    }
    corrected = dict(zip(p_by_test, holm(list(p_by_test.values())), strict=True))
    return [
        {**row, "holm": corrected[_test_identity(row)] if is_test else None}
        for row, is_test in zip(rows, tested, strict=True)
    ]


def _test_identity(row: Row) -> tuple[Any, ...]:
    """What identifies a test among the question's: equal figures, whatever their sign, are one."""
    if row["value"] is None:  # whether people differ at all
        return row["variant"], row["subject"]
    return row["variant"], round(abs(row["value"]), 9), round(row["p"], 9)


def compare(subject: str, variants: Variants) -> Iterator[Row]:
    """One row per variant of a subject, the answer first; one that changes nothing is left out."""
    answer: tuple[int, Estimate] | None = None
    for variant, n, estimate in variants:
        if answer is None:
            answer = n, estimate
        elif variant not in ANSWERED and (n, estimate) == answer:
            continue
        yield {
            **{"subject": subject, "variant": variant, "n": n},
            **{"value": estimate.value, "ci_low": estimate.low, "ci_high": estimate.high},
            **{"moved": difference(estimate.value, answer[1].value), "p": estimate.p},
            **{"leader": None, "top_ten_kept": None},
            "agrees": _agree(estimate, answer[1]),
        }


def difference(value: float | None, other: float | None) -> float | None:
    """The value less the other; null where either is unknown."""
    return None if value is None or other is None else value - other


def _agree(estimate: Estimate, answer: Estimate) -> bool | None:
    """Whether both have the same sign and certainty; where certain, also about the same size."""
    if estimate.direction is None or answer.direction is None:
        return None
    if estimate.direction != answer.direction or not answer.direction:
        return estimate.direction == answer.direction
    magnitudes = sorted((abs(estimate.value or 0), abs(answer.value or 0)))
    return magnitudes[1] <= _MAX_SIZE_RATIO * magnitudes[0]


def better_known(titles: Titles) -> Iterator[tuple[str, Mask]]:
    """Each variant's name, and which titles have its minimum of votes."""
    for votes in _MIN_VOTES:
        yield f"min_votes_{votes}", titles["imdb_votes"] >= votes
