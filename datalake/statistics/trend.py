"""Theil-Sen slope through yearly medians, its interval corrected for autocorrelation."""

from collections.abc import Sequence

import numpy as np

from datalake.statistics.distributions import mid_ranks, normal_tail, student_quantile, student_tail
from datalake.statistics.estimate import FEWEST, NORMAL_95, Estimate, Values

STRONGEST = 0.95
"""Autocorrelation is cut here: nearer to 1 no interval is left."""


def slope_per_decade(years: Values, medians: Values, bends: Sequence[float] = ()) -> Estimate:
    """Theil-Sen slope in the medians' unit per ten years; null under ten years.

    Interval: Sen's (1968), from the ranks of the slopes, with Kendall's variance inflated for the
    lag-one autocorrelation of the residuals. Where the medians' line has `bends`, in these years,
    the residuals are those of that line, or the bends would count as autocorrelation.
    """
    n = len(years)
    if n < FEWEST:
        return Estimate()
    earlier, later = np.triu_indices(n, 1)
    slopes = np.sort((medians[later] - medians[earlier]) / (years[later] - years[earlier]))
    slope = float(np.median(slopes))
    residuals = line_residuals(years, medians, bends) if bends else medians - slope * years
    lag_one = autocorrelation(residuals, 2 + 2 * len(bends))
    error = np.sqrt(_kendall_variance(medians) * variance_inflation(lag_one, n))
    half = NORMAL_95 * error
    low = max(round((len(slopes) - half) / 2), 0)
    high = min(round((len(slopes) + half) / 2), len(slopes)) - 1
    p = 2 * float(normal_tail(abs(np.sign(slopes).sum()) / error)) if error else 1.0
    return Estimate(10 * slope, 10 * float(slopes[low]), 10 * float(slopes[high]), p)


def least_squares_per_decade(years: Sequence[float], values: Sequence[float]) -> Estimate:
    """Least-squares slope per ten years, with Student's t interval; null under ten years."""
    n = len(years)
    if n < FEWEST:
        return Estimate()
    x, y = (np.asarray(axis, dtype=float) - np.mean(axis) for axis in (years, values))
    slope = float(x @ y / (x @ x))
    error = float(np.sqrt(np.square(y - slope * x).sum() / (n - 2) / (x @ x)))
    half = student_quantile(0.975, n - 2) * error
    p = 2 * float(student_tail(abs(slope) / error, n - 2)) if error else float(slope == 0)
    return Estimate(10 * slope, 10 * (slope - half), 10 * (slope + half), p)


def line_residuals(years: Values, values: Values, bends: Sequence[float] | Values) -> Values:
    """What the least-squares line that bends in these years leaves of the values."""
    design = line_design(years, bends)
    residuals: Values = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return residuals


def line_design(years: Values, bends: Sequence[float] | Values) -> Values:
    """The columns of a line that bends in these years: level, slope, each change of slope."""
    after = np.maximum(years[:, None] - np.asarray(bends, dtype=float), 0)
    return np.column_stack([np.ones_like(years), years - years[0], after])


def _kendall_variance(values: Values) -> float:
    """Variance of Kendall's S without trend, reduced for ties."""
    n = len(values)
    _, ties = np.unique(values, return_counts=True)
    return float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18


def autocorrelation(residuals: Values, parameters: int = 2) -> float:
    """Lag-one autocorrelation of the residuals' ranks; 0 where it is negative.

    It is corrected for the bias that fitting so many `parameters` leaves in a short series.
    """
    ranks = mid_ranks(residuals) - (len(residuals) + 1) / 2
    squares = float(np.dot(ranks, ranks))
    if not squares:
        return 0.0
    n = len(ranks)
    lag_one = float(np.dot(ranks[:-1], ranks[1:])) / squares
    return min(max((n * lag_one + parameters) / max(n - 2 * parameters, 1), 0.0), STRONGEST)


def variance_inflation(r: float, n: int) -> float:
    """Years over effective years: n values of a first-order autoregression count as fewer.

    `r` is its lag-one autocorrelation (Bayley, Hammersley 1946).
    """
    return max(1.0, (1 + r) / (1 - r) - 2 * r * (1 - r**n) / (n * (1 - r) ** 2))
