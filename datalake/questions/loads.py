"""Loads of the facts: the figures that titles had on other days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datalake.statistics.estimate import Values

SPANS = (30, 7, 90)
"""Days that growth is measured over, the answer's own first."""

_TOLERANCE = 0.5


@dataclass(frozen=True)
class Load:
    """A load's figures, one element per title of the population; NaN where it has none.

    `imdb_day` and `fetched_at` are days since 1970. `gone` counts, by kind, the titles that the
    newest load no longer has. The newest load has figures where there is an earlier one.
    """

    day: date
    measures: Mapping[str, Values] = field(default_factory=dict)
    gone: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, measure: str) -> Values:
        return self.measures[measure]

    def where(self, chosen: NDArray[Any]) -> "Load":
        """The load without the other titles."""
        measures = {name: values[chosen] for name, values in self.measures.items()}
        return replace(self, measures=measures)

    @property
    def has_title(self) -> NDArray[np.bool_]:
        """Which titles the load has."""
        return ~np.isnan(self["start_year"])


def day_near_span(days: Iterable[date], newest: date, span: int) -> date | None:
    """The day nearest to `span` days before the newest; None where none is within half a span."""
    target = newest - timedelta(days=span)
    candidates = [
        day for day in days if day < newest and abs((day - target).days) <= _TOLERANCE * span
    ]
    return min(candidates, key=lambda day: (abs((day - target).days), day), default=None)
