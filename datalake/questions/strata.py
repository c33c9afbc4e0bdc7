"""Strata by decade, and counts of titles left out by their first reason."""

from collections.abc import Iterator, Mapping

import numpy as np

from datalake.questions.population import Titles
from datalake.statistics.estimate import Mask


def by_decade(titles: Titles) -> Iterator[tuple[int | None, Titles]]:
    """All of them (no decade), then those of each decade of release."""
    yield None, titles
    for decade in np.unique(titles["decade"][titles.known("decade")]):
        yield int(decade), titles.where(titles["decade"] == decade)


def by_first_reason(passes: Mapping[str, Mask], n: int) -> tuple[Mask, dict[str, int]]:
    """Which pass all conditions, and how many fail each as their first; zero counts are omitted."""
    passing, left_out = np.full(n, True), {}
    for reason, passed in passes.items():
        if failed := int((passing & ~passed).sum()):
            left_out[reason] = failed
        passing = passing & passed
    return passing, left_out
