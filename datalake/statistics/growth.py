"""What titles gain, against what others of their size and age gain: robust baselines."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import stats

from datalake.statistics.estimate import NORMAL_95, Values

FEWEST_PEERS = 200
"""Fewer observations give no baseline: its own error would be as large as what it is to show."""

_HUBER = 3.0
_NORMAL_MEDIAN = float(stats.norm.ppf(0.75))
_STEPS = 30
_CUT = 2.0
_NORMAL_SQUARE = float(stats.norm.expect(lambda z: min(z * z, _CUT**2)))
_MANY = 1_000.0
"""From here on a count's own noise is nothing beside how peers differ."""


@dataclass(frozen=True)
class Growth:
    """Each observation's `excess` (gained over expected), with what surrounds it.

    `expected` is what its size and age predict. `low` and `high` hold the true excess in 95 % of
    samples; NaN where nothing is counted. `z` is how far it lies from its peers, in standard
    errors: of how widely peers differ, and of counting.
    """

    expected: Values
    excess: Values
    low: Values
    high: Values
    z: Values


def growth_of_counts(gained: Values, *predictors: Values) -> Growth | None:
    """Of counts: how many were gained; null under 200 observations or where none gained.

    The expected logarithm is a plane through the predictors, by Huber's estimator. A count is
    Poisson's, of a mean that spreads about the expected one as a lognormal does. Interval:
    Jeffreys' for a count, and the plane's error.
    """
    if len(gained) < FEWEST_PEERS or not gained.any():
        return None
    design = np.column_stack([np.ones(len(gained)), *predictors])
    counted, spread = np.log(gained + 0.5), 1.0
    plane: Values = np.linalg.lstsq(design, counted, rcond=None)[0]
    for _ in range(_STEPS):
        expected = _expected(design, plane)
        mean, slope, variance = _of_log_count(expected, spread)
        error, surplus = np.sqrt(variance), counted - mean
        weight = _huber(surplus / error) / variance
        covariance = _inverse(design, weight * slope**2)
        change = np.clip(covariance @ (design.T @ (weight * slope * surplus)), -1, 1)
        plane = np.asarray(plane + change, dtype=np.float64)
        spread = _spread(counted, _expected(design, plane))
        if np.abs(change).max() < 1e-5:
            break
    expected = _expected(design, plane)
    of_plane = np.sqrt(np.einsum("ni,ij,nj->n", design, covariance, design))
    low, high = _interval(gained, expected, of_plane)
    z = _distance(gained, expected, spread)
    return Growth(expected, gained / expected, low, high, z)


def growth_of_levels(change: Values, *predictors: Values) -> Growth | None:
    """Of a level: the change of its logarithm; null under 200 observations or without change.

    How exact a level is nobody says, so an excess has no interval, only its distance from peers.
    """
    if len(change) < FEWEST_PEERS or not np.ptp(change):
        return None
    design = np.column_stack([np.ones(len(change)), *predictors])
    plane = np.linalg.lstsq(design, change, rcond=None)[0]
    for _ in range(_STEPS):
        surplus = change - design @ plane
        spread = float(np.median(np.abs(surplus))) / _NORMAL_MEDIAN
        if not spread:
            return None
        weight = _huber(surplus / spread)
        moved = _inverse(design, weight) @ (design.T @ (weight * surplus))
        plane = np.asarray(plane + moved, dtype=np.float64)
        if np.abs(moved).max() < 1e-9:
            break
    unknown = np.full(len(change), np.nan)
    return Growth(np.exp(change - surplus), np.exp(surplus), unknown, unknown, surplus / spread)


def _expected(design: Values, plane: Values) -> Values:
    expected: Values = np.exp(np.clip(design @ plane, _LOWEST, _HIGHEST))
    return expected


def _huber(standardised: Values) -> Values:
    """Weights: 1 near 0, falling beyond, so that no single observation moves the plane far."""
    weights: Values = _HUBER / np.maximum(np.abs(standardised), _HUBER)
    return weights


def _inverse(design: Values, weight: Values) -> Values:
    return np.asarray(np.linalg.pinv(design.T @ (design * weight[:, None])), dtype=np.float64)


def _interval(gained: Values, expected: Values, of_plane: Values) -> tuple[Values, Values]:
    middle, ends = np.log(gained + 0.5), []
    for share, sign in ((0.025, -1), (0.975, 1)):
        reach = np.log(np.maximum(stats.gamma.ppf(share, gained + 0.5), 1e-12)) - middle
        ends.append(np.exp(middle + sign * np.hypot(reach, NORMAL_95 * of_plane)) / expected)
    return ends[0], ends[1]


def _spread(counted: Values, expected: Values) -> float:
    """How widely peers differ, as a standard deviation of logarithms, beyond their counts' noise.

    From the tenth with the highest expected counts, 50 at least: of small counts noise is all
    that there is to see. Squares are cut at two standard errors (Huber's second proposal).
    """
    most = np.argsort(-expected, kind="stable")[: max(50, len(expected) // 10)]
    low, high = 0.0, 5.0
    for _ in range(20):
        middle = (low + high) / 2
        mean, _, variance = _of_log_count(expected[most], middle)
        square = np.minimum((counted[most] - mean) ** 2 / variance, _CUT**2).mean()
        low, high = (low, middle) if square < _NORMAL_SQUARE else (middle, high)
    return high


def _distance(gained: Values, expected: Values, spread: float) -> Values:
    """How far each lies from its peers, in standard errors: by the chance of so many or more."""
    error = np.sqrt(spread**2 + 1 / (expected + 0.5))
    z: Values = np.log((gained + 0.5) / (expected + 0.5)) / error
    few = (gained > expected) & (expected < _MANY)
    means = expected[few, None] * np.exp(spread * _NODES)
    chance = stats.poisson.sf(gained[few, None] - 1, means) @ _WEIGHTS
    z[few] = stats.norm.isf(np.clip(chance, 1e-300, 0.5))
    return z


_LOWEST, _HIGHEST = -6.0, 16.0
_TABULATED, _STEP = 6.0, 0.05
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(31)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def _of_log_count(expected: Values, spread: float) -> tuple[Values, Values, Values]:
    """Of log(count + ½), where peers' means spread about the expected one: mean, slope, variance.

    The slope is that of the mean by the expected logarithm.
    """
    logs = np.arange(_LOWEST - 1, _HIGHEST + 1, _STEP)
    mean, square = (column @ _WEIGHTS for column in _poisson(logs[:, None] + spread * _NODES))
    at = np.log(expected)
    return (
        np.interp(at, logs, mean),
        np.maximum(np.interp(at, logs, np.gradient(mean, logs)), 1e-6),
        np.interp(at, logs, square - mean**2),
    )


def _poisson(logs: Values) -> tuple[Values, Values]:
    """Mean and mean square of log(count + ½) of Poisson counts, by the logarithm of their mean."""
    table, means, variances = _table()
    large = logs >= table[-1]
    mean = np.where(large, logs, np.interp(logs, table, means))
    variance = np.where(large, np.exp(-logs), np.interp(logs, table, variances))
    return mean, variance + mean**2


@cache
def _table() -> tuple[Values, Values, Values]:
    logs, counts = np.arange(-25.0, _TABULATED, _STEP), np.arange(0, 700)
    chances = stats.poisson.pmf(counts, np.exp(logs)[:, None])
    logarithms = np.log(counts + 0.5)
    mean = chances @ logarithms
    return logs, mean, chances @ logarithms**2 - mean**2
