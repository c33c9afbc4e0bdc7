"""Robust statistics: weighted medians, outlier fences, ranks within groups."""

import numpy as np
from numpy.typing import NDArray

from datalake.statistics.distributions import mid_ranks
from datalake.statistics.estimate import Mask, Values

_ROUNDING = 1e-9
_FENCE = 3.0


def weighted_median(values: Values, weights: Values) -> float:
    """The middle of the weight; the mean of two values where it lies between them."""
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[order]) / weights.sum()
    low, high = np.searchsorted(running, [0.5 - _ROUNDING, 0.5 + _ROUNDING])
    return float(values[order[low]] + values[order[min(high, len(values) - 1)]]) / 2


def within_fences(values: Values) -> Mask:
    """Which values lie within three interquartile ranges of the quartiles."""
    finite = values[~np.isnan(values)]
    if not len(finite):
        return np.full(len(values), False)
    low, high = np.quantile(finite, [0.25, 0.75])
    reach = _FENCE * (high - low)
    within: Mask = (values >= low - reach) & (values <= high + reach)
    return within


def logs(values: Values) -> Values:
    """Natural logarithms; NaN, which is within no fences, where there is none."""
    return np.log(np.where(values > 0, values, np.nan))


def ranks_within(group: Values, values: Values) -> Values:
    """Mid-ranks within each group as shares, less a half: groups of any size and level compare."""
    ranks = np.empty(len(values))
    for member in np.unique(group):
        chosen = group == member
        ranks[chosen] = mid_ranks(values[chosen]) / (chosen.sum() + 1) - 0.5
    return ranks


def codes(*columns: NDArray[np.generic]) -> NDArray[np.int64]:
    """One number for each combination of the columns' values."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        _, index = np.unique(column, return_inverse=True)
        code = np.unique(code * (index.max(initial=0) + 1) + index, return_inverse=True)[1]
    return code
