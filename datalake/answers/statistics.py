"""The estimators that Spark lacks: rank correlations compared by bootstrap, and a robust slope."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Values = NDArray[np.float64]
Counts = NDArray[np.int64]

NORMAL_95 = float(stats.norm.ppf(0.975))
"""Half-width of a 95 % interval, in standard errors."""

FEWEST = 10
"""Fewer observations give no estimate: its interval would span nearly everything."""

RESAMPLES = 2_000
SEED = 2_022


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; all null where the data can't tell."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def compare_correlations(
    outcome: Values, first: Values, second: Values, resamples: int = RESAMPLES
) -> tuple[Estimate, Estimate, Estimate]:
    """Spearman's rho of `outcome` with `first` and with `second`, and how much stronger the first.

    The third is |rho of first| - |rho of second|. Intervals: percentile bootstrap, the same
    resamples for all three. Equal input in equal order gives equal output.
    """
    ranked = [_Ranked(values) for values in (outcome, first, second)]
    n = len(outcome)
    observed = _correlations(ranked, np.ones(n, dtype=np.int64))
    if n < FEWEST or not np.isfinite(observed).all():
        return Estimate(), Estimate(), Estimate()
    random = np.random.default_rng(SEED)
    drawn = np.array(
        [
            _correlations(ranked, np.bincount(random.integers(n, size=n), minlength=n))
            for _ in range(resamples)
        ]
    )
    return (
        _percentile(observed[0], drawn[:, 0]),
        _percentile(observed[1], drawn[:, 1]),
        _percentile(_lead(observed), _lead(drawn)),
    )


def slope_per_decade(years: Sequence[int], medians: Sequence[float]) -> Estimate:
    """Theil-Sen slope of yearly medians, in their unit per ten years; null under ten years."""
    if len(years) < FEWEST:
        return Estimate()
    slope, _, low, high = stats.theilslopes(medians, years, alpha=0.95)
    return Estimate(float(slope) * 10, float(low) * 10, float(high) * 10)


class _Ranked:
    """Values whose mid-ranks in any resample cost a count and a running sum, never a sort."""

    def __init__(self, values: Values) -> None:
        distinct, self._place = np.unique(values, return_inverse=True)
        self._distinct = len(distinct)

    def ranks(self, times: Counts) -> tuple[Values, float]:
        """Each value's centred mid-rank where it was drawn so many `times`; their squares' sum."""
        size = np.bincount(self._place, weights=times, minlength=self._distinct)
        centred = np.cumsum(size) - (size + size.sum()) / 2
        return centred[self._place], float(np.dot(size, centred**2))


def _correlations(ranked: list[_Ranked], times: Counts) -> Values:
    """Spearman's rho of the first with each of the others; NaN where one never varies."""
    (outcome, outcome_squares), *others = (one.ranks(times) for one in ranked)
    weighted = outcome * times
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.array(
            [
                np.divide(np.dot(weighted, rating), np.sqrt(outcome_squares * squares))
                for rating, squares in others
            ]
        )


def _lead(correlations: Values) -> Values:
    """How much stronger the first of two correlations is, whatever their signs."""
    strength = np.abs(correlations)
    lead: Values = strength[..., 0] - strength[..., 1]
    return lead


def _percentile(observed: np.float64 | Values, drawn: Values) -> Estimate:
    """An estimate with its percentile interval; draws where a side never varied tell nothing."""
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Estimate(float(observed), float(low), float(high))
