"""Means of many groups, shrunk towards the mean of all (empirical Bayes, normal-normal)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from datalake.statistics.estimate import FEWEST, NORMAL_95, Values

LEVEL = 0.05
"""Groups differ where the F test's p-value is below this."""

ROUNDING = 1e-9
"""Square rating points: a variance below comes of floating-point numbers, not of people."""

_GRID = 600
_CHUNK = 2_000


@dataclass(frozen=True)
class Shrunk:
    """One score a group; `weight` is null, and errors are NaN, where groups differ no more than
    chance lets them: then every score is the mean of all. `within` is the variance within groups,
    `p` that of the F test that all groups have one mean.
    """

    score: Values
    error: Values
    mean: float
    weight: float | None
    within: float | None = None
    p: float | None = None

    @property
    def low(self) -> Values:
        """Lower ends of the 95 % intervals."""
        return self.score - NORMAL_95 * self.error

    @property
    def high(self) -> Values:
        """Upper ends of the 95 % intervals."""
        return self.score + NORMAL_95 * self.error


def shrink(group: NDArray[np.int64], values: Values, groups: int) -> Shrunk:
    """Scores of groups 0, 1, …, each with two values or more: n values weigh n, the mean weighs k.

    k = variance within groups / variance between groups, by one-way analysis of variance. It is
    null under ten groups, and where the F test (5 %) finds no difference between groups.
    """
    size = np.bincount(group, minlength=groups).astype(float)
    total = size.sum()
    means = np.bincount(group, weights=values, minlength=groups) / size
    mean = float(np.dot(size, means) / total) if groups else float("nan")
    weight, within, p = _prior(group, values, size, means, mean)
    if weight is None:
        return Shrunk(np.full(groups, mean), np.full(groups, np.nan), mean, None, p=p)
    score = (size * means + weight * mean) / (size + weight)
    return Shrunk(score, np.sqrt(within / (size + weight)), mean, weight, within, p)


def _prior(
    group: NDArray[np.int64], values: Values, size: Values, means: Values, mean: float
) -> tuple[float | None, float, float | None]:
    """How many values the prior weighs, the variance within groups, the F test's p-value."""
    groups, total = len(size), size.sum()
    if groups < FEWEST:
        return None, float("nan"), None
    within = float(np.square(values - means[group]).sum()) / (total - groups)
    squares = float(np.dot(size, np.square(means - mean)))
    if squares < ROUNDING:
        return None, within, 1.0
    p = _p_of_alike(squares / (groups - 1), within, groups, int(total))
    if p >= LEVEL:
        return None, within, p
    excess = squares - (groups - 1) * within
    return within * (total - np.dot(size, size) / total) / excess, within, p


def _p_of_alike(between: float, within: float, groups: int, total: int) -> float:
    """The p-value of the F test that all groups have one mean."""
    if within < ROUNDING:
        return 0.0
    return float(stats.f.sf(between / within, groups - 1, total - groups))


def chances_of_first(shrunk: Shrunk) -> Values:
    """Each group's chance to have the highest true mean; NaN where groups don't differ.

    By integration, not by drawing: the density of one group being at x times the chance that all
    others are below x, summed over a grid; so equal input gives equal output.
    """
    score, error = shrunk.score, np.maximum(shrunk.error, ROUNDING)
    if shrunk.weight is None or not len(score):
        return np.full(len(score), np.nan)
    grid = np.linspace((score - 4 * error).max(), (score + 5 * error).max(), _GRID)
    below = sum(
        stats.norm.logcdf((grid - score[i : i + _CHUNK, None]) / error[i : i + _CHUNK, None]).sum(0)
        for i in range(0, len(score), _CHUNK)
    )
    chances = np.concatenate(
        [
            _chances(grid, score[i : i + _CHUNK, None], error[i : i + _CHUNK, None], below)
            for i in range(0, len(score), _CHUNK)
        ]
    )
    total: Values = chances / chances.sum()
    return total


def _chances(grid: Values, score: Values, error: Values, below: Values) -> Values:
    at = (grid - score) / error
    chances: Values = np.exp(stats.norm.logpdf(at) - stats.norm.logcdf(at) + below).sum(1)
    return chances / error[:, 0]
