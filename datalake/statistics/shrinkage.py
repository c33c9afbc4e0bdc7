"""Means of many groups, shrunk towards the mean of all (empirical Bayes, normal-normal)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datalake.statistics.distributions import f_tail, log_normal_density, log_normal_share
from datalake.statistics.estimate import FEWEST, NORMAL_95, Values

LEVEL = 0.05
"""Groups differ where the F test's p-value is below this."""

ROUNDING = 1e-9
"""Square rating points: a smaller variance is floating-point error."""

_GRID_POINTS = 600
_CHUNK = 2_000


@dataclass(frozen=True)
class Shrunk:
    """One score per group, with its standard error.

    Where groups differ no more than by chance every score is the `mean` of all, `weight` is null,
    errors are NaN. `weight` is how many values the prior counts for, `within` the variance within
    groups, `p` the p-value of the F test that all groups have one mean.
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
    """Scores of groups 0, 1, …: the mean of n values has weight n, the mean of all has weight k.

    k = variance within groups / variance between groups, by one-way analysis of variance. It is
    null under ten groups, and where the F test (5 %) finds no difference between groups. Each
    group has two values or more.
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
    """The weight of the prior, in values; the variance within groups; the F test's p-value."""
    groups, total = len(size), size.sum()
    if groups < FEWEST:
        return None, float("nan"), None
    within = float(np.square(values - means[group]).sum()) / (total - groups)
    squares = float(np.dot(size, np.square(means - mean)))
    if squares < ROUNDING:
        return None, within, 1.0
    p = _f_test_p_value(squares / (groups - 1), within, groups, int(total))
    if p >= LEVEL:
        return None, within, p
    excess = squares - (groups - 1) * within
    return within * (total - np.dot(size, size) / total) / excess, within, p


def _f_test_p_value(between: float, within: float, groups: int, total: int) -> float:
    """The p-value of the F test that all groups have one mean."""
    if within < ROUNDING:
        return 0.0
    return f_tail(between / within, groups - 1, total - groups)


def chances_of_first(shrunk: Shrunk) -> Values:
    """Each group's probability of the highest true mean; NaN where groups don't differ.

    By integration over a grid, not by sampling, so equal input gives equal output: the density of
    one group at x, times the probability that all others are below x.
    """
    score, error = shrunk.score, np.maximum(shrunk.error, ROUNDING)
    if shrunk.weight is None or not len(score):
        return np.full(len(score), np.nan)
    grid = np.linspace((score - 4 * error).max(), (score + 5 * error).max(), _GRID_POINTS)
    below = sum(
        log_normal_share((grid - score[i : i + _CHUNK, None]) / error[i : i + _CHUNK, None]).sum(0)
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
    z = (grid - score) / error
    chances: Values = np.exp(log_normal_density(z) - log_normal_share(z) + below).sum(1)
    return chances / error[:, 0]
