"""Cross-validation: how well an outcome is predicted on observations held out of the fit."""

from dataclasses import dataclass

import numpy as np

from datalake.statistics.distributions import student_quantile, student_tail
from datalake.statistics.estimate import Estimate, Values

FOLDS = 10
FEWEST_TO_PREDICT = 50
"""Fewer observations leave too few in a fold."""

_LEARNING_ERROR = 0.75
"""Standard error that fitting one predictor adds, times n; calibrated by benchmarks/coverage.py."""


@dataclass(frozen=True)
class Prediction:
    """Squared errors out of sample, one per observation.

    `baseline_errors` are those of predicting the mean of the other folds.
    """

    errors: Values
    baseline_errors: Values
    predictors: int

    @property
    def skill(self) -> float:
        """R² out of sample: 1 is perfect, 0 no better than the mean, below 0 worse."""
        return 1 - float(self.errors.sum() / self.baseline_errors.sum())

    def estimate(self) -> Estimate:
        """The skill with its interval, from each observation's influence on it."""
        return _estimate(self.skill, self._influence, self.predictors)

    def gain_over(self, other: "Prediction") -> Estimate:
        """The skill less the other's, of the same observations."""
        gain, influence = self.skill - other.skill, self._influence - other._influence
        return _estimate(gain, influence, max(self.predictors - other.predictors, 1))

    @property
    def _influence(self) -> Values:
        numerator = (1 - self.skill) * self.baseline_errors - self.errors
        influence: Values = numerator / self.baseline_errors.mean()
        return influence


def predict(outcome: Values, *predictors: Values) -> Prediction | None:
    """Least squares, cross-validated in ten folds; null under 50 observations.

    Observation i is in fold i mod 10, so that nothing is drawn: titles come in the order of keys,
    which are hashes.
    """
    n = len(outcome)
    if n < FEWEST_TO_PREDICT or not np.ptp(outcome):
        return None
    design = np.column_stack([np.ones(n), *predictors])
    fold = np.arange(n) % FOLDS
    predicted, means = np.empty(n), np.empty(n)
    for held_out in range(FOLDS):
        training, testing = fold != held_out, fold == held_out
        coefficients = np.linalg.lstsq(design[training], outcome[training], rcond=None)[0]
        predicted[testing], means[testing] = (
            design[testing] @ coefficients,
            outcome[training].mean(),
        )
    return Prediction(np.square(outcome - predicted), np.square(outcome - means), len(predictors))


def _estimate(value: float, influence: Values, predictors: int) -> Estimate:
    """The value with its interval, from the sampling error and that of fitting `predictors`."""
    n = len(influence)
    sampling_error = np.std(influence, ddof=1) / np.sqrt(n)
    error = float(np.hypot(sampling_error, _LEARNING_ERROR * np.sqrt(predictors) / n))
    half = student_quantile(0.975, n - 1) * error
    p = 2 * float(student_tail(abs(value) / error, n - 1)) if error else float(value == 0)
    return Estimate(value, value - half, value + half, p)
