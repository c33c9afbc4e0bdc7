"""What titles gain, against what others of their size and age gain: robust baselines."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from datalake.statistics.distributions import (
    gamma_quantile,
    log_normal_density,
    normal_quantile,
    normal_tail,
    poisson_chance,
    poisson_tail,
)
from datalake.statistics.estimate import NORMAL_95, Values

FEWEST_PEERS = 200
"""Fewer observations give no baseline: its error would be as large as the effects to show."""

_HUBER_CUTOFF = 3.0
_NORMAL_MAD = float(normal_quantile(0.75))
_MAX_ITERATIONS = 30
_SQUARE_CUTOFF = 2.0
# Of a standard normal number, cut there: by parts, from its density and its tail.
_EXPECTED_SQUARE = float(
    1
    - 2 * _SQUARE_CUTOFF * np.exp(log_normal_density(_SQUARE_CUTOFF))
    + 2 * (_SQUARE_CUTOFF**2 - 1) * normal_tail(_SQUARE_CUTOFF)
)
_LARGE_COUNT = 1_000.0
"""Above it the Poisson noise of a count is negligible beside the spread among peers."""


@dataclass(frozen=True)
class Growth:
    """Each observation's `excess` (gained over expected), with what surrounds it.

    `expected` is what its size and age predict. `low` and `high` are the 95 % interval of the
    excess; NaN where nothing is counted. `z` is how far it lies from its peers, in standard
    errors: of how widely peers differ, and of counting.
    """

    expected: Values
    excess: Values
    low: Values
    high: Values
    z: Values


def growth_of_counts(gained: Values, *predictors: Values) -> Growth | None:
    """The growth of counts, from how many each gained; null under 200 observations or all zeros.

    The expected logarithm is linear in the predictors, by Huber's M-estimator. A count is Poisson,
    its mean lognormal about the expected one. The interval combines Jeffreys' for a Poisson count
    with the error of the fit.
    """
    if len(gained) < FEWEST_PEERS or not gained.any():
        return None
    design = np.column_stack([np.ones(len(gained)), *predictors])
    log_count, spread = np.log(gained + 0.5), 1.0
    coefficients: Values = np.linalg.lstsq(design, log_count, rcond=None)[0]
    for _ in range(_MAX_ITERATIONS):
        expected = _expected(design, coefficients)
        mean, slope, variance = _log_count_moments(expected, spread)
        error, residual = np.sqrt(variance), log_count - mean
        weight = _huber_weights(residual / error) / variance
        covariance = _inverse_normal_matrix(design, weight * slope**2)
        step = np.clip(covariance @ (design.T @ (weight * slope * residual)), -1, 1)
        coefficients = np.asarray(coefficients + step, dtype=np.float64)
        spread = _spread(log_count, _expected(design, coefficients))
        if np.abs(step).max() < 1e-5:
            break
    expected = _expected(design, coefficients)
    fit_error = np.sqrt(np.einsum("ni,ij,nj->n", design, covariance, design))
    low, high = _interval(gained, expected, fit_error)
    z = _z_scores(gained, expected, spread)
    return Growth(expected, gained / expected, low, high, z)


def growth_of_levels(change: Values, *predictors: Values) -> Growth | None:
    """The growth of a level, from the change of its logarithm; null under 200 or without change.

    The error of a level is unknown, so an excess has no interval, only its distance from peers.
    """
    if len(change) < FEWEST_PEERS or not np.ptp(change):
        return None
    design = np.column_stack([np.ones(len(change)), *predictors])
    coefficients = np.linalg.lstsq(design, change, rcond=None)[0]
    for _ in range(_MAX_ITERATIONS):
        residual = change - design @ coefficients
        spread = float(np.median(np.abs(residual))) / _NORMAL_MAD
        if not spread:
            return None
        weight = _huber_weights(residual / spread)
        step = _inverse_normal_matrix(design, weight) @ (design.T @ (weight * residual))
        coefficients = np.asarray(coefficients + step, dtype=np.float64)
        if np.abs(step).max() < 1e-9:
            break
    unknown = np.full(len(change), np.nan)
    return Growth(np.exp(change - residual), np.exp(residual), unknown, unknown, residual / spread)


def _expected(design: Values, coefficients: Values) -> Values:
    expected: Values = np.exp(np.clip(design @ coefficients, _LOWEST_LOG, _HIGHEST_LOG))
    return expected


def _huber_weights(standardised: Values) -> Values:
    """Weights: 1 near 0, falling beyond, so that no single observation moves the fit far."""
    weights: Values = _HUBER_CUTOFF / np.maximum(np.abs(standardised), _HUBER_CUTOFF)
    return weights


def _inverse_normal_matrix(design: Values, weight: Values) -> Values:
    return np.asarray(np.linalg.pinv(design.T @ (design * weight[:, None])), dtype=np.float64)


def _interval(gained: Values, expected: Values, fit_error: Values) -> tuple[Values, Values]:
    middle, ends = np.log(gained + 0.5), []
    for share, sign in ((0.025, -1), (0.975, 1)):
        reach = np.log(np.maximum(gamma_quantile(share, gained + 0.5), 1e-12)) - middle
        ends.append(np.exp(middle + sign * np.hypot(reach, NORMAL_95 * fit_error)) / expected)
    return ends[0], ends[1]


def _spread(log_count: Values, expected: Values) -> float:
    """The standard deviation of peers' logarithms, beyond the noise of their counts.

    It is estimated on the tenth with the highest expected counts, 50 at least: small counts show
    noise alone. Squares are cut at two standard errors (Huber's second proposal).
    """
    most = np.argsort(-expected, kind="stable")[: max(50, len(expected) // 10)]
    low, high = 0.0, 5.0
    for _ in range(20):
        middle = (low + high) / 2
        mean, _, variance = _log_count_moments(expected[most], middle)
        square = np.minimum((log_count[most] - mean) ** 2 / variance, _SQUARE_CUTOFF**2).mean()
        low, high = (low, middle) if square < _EXPECTED_SQUARE else (middle, high)
    return high


def _z_scores(gained: Values, expected: Values, spread: float) -> Values:
    """How far each lies from its peers, in standard errors.

    A small count above the expected one gets the z of its upper tail probability.
    """
    error = np.sqrt(spread**2 + 1 / (expected + 0.5))
    z: Values = np.log((gained + 0.5) / (expected + 0.5)) / error
    few = (gained > expected) & (expected < _LARGE_COUNT)
    means = expected[few, None] * np.exp(spread * _NODES)
    chance = poisson_tail(gained[few, None] - 1, means) @ _WEIGHTS
    z[few] = -normal_quantile(np.clip(chance, 1e-300, 0.5))
    return z


_LOWEST_LOG, _HIGHEST_LOG = -6.0, 16.0
_TABULATED_LOG, _LOG_STEP = 6.0, 0.05
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(31)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def _log_count_moments(expected: Values, spread: float) -> tuple[Values, Values, Values]:
    """Mean, slope and variance of log(count + ½), where peers' means spread about the expected one.

    The slope is the derivative of the mean by the logarithm of the expected count.
    """
    logs = np.arange(_LOWEST_LOG - 1, _HIGHEST_LOG + 1, _LOG_STEP)
    mean, square = (column @ _WEIGHTS for column in _poisson(logs[:, None] + spread * _NODES))
    log_expected = np.log(expected)
    return (
        np.interp(log_expected, logs, mean),
        np.maximum(np.interp(log_expected, logs, np.gradient(mean, logs)), 1e-6),
        np.interp(log_expected, logs, square - mean**2),
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
    logs, counts = np.arange(-25.0, _TABULATED_LOG, _LOG_STEP), np.arange(0, 700)
    chances = poisson_chance(counts, np.exp(logs)[:, None])
    logarithms = np.log(counts + 0.5)
    mean = chances @ logarithms
    return logs, mean, chances @ logarithms**2 - mean**2
