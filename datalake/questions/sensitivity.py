"""Sensitivity analysis: each headline again, with one choice made otherwise."""

from collections.abc import Iterator, Sequence

from datalake.questions.population import Population, Titles
from datalake.questions.question import Question
from datalake.schemas.table import Row
from datalake.statistics.estimate import Estimate, Mask

_FEWEST_VOTES = (100, 1_000)

Variants = Iterator[tuple[str, int, Estimate]]
"""Each variant's name, how many count in it, and the headline's estimate."""


def vary_all(questions: Sequence[Question], population: Population) -> list[Row]:
    """One row per question × subject × variant; each subject's first is the answer as given."""
    return [
        {"question": question.id, **row}
        for question in questions
        for row in question.vary(population)
    ]


def compare(subject: str, variants: Variants) -> Iterator[Row]:
    """One row per variant of a subject; it agrees where its interval is on the same side of 0."""
    direction = None
    for variant, n, estimate in variants:
        if variant == "as_answered":
            direction = estimate.direction
        comparable = direction is not None and estimate.direction is not None
        yield {
            **{"subject": subject, "variant": variant, "n": n},
            **{"value": estimate.value, "ci_low": estimate.low, "ci_high": estimate.high},
            **{"leader": None, "top_ten_kept": None},
            "agrees": estimate.direction == direction if comparable else None,
        }


def better_known(titles: Titles) -> Iterator[tuple[str, Mask]]:
    """Which titles have at least so many votes, a variant each."""
    for votes in _FEWEST_VOTES:
        yield f"min_votes_{votes}", titles["imdb_votes"] >= votes
