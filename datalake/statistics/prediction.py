"""How well one thing foretells another, on observations that were not used to learn from."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from datalake.statistics.estimate import Estimate, Values

FOLDS = 10
FEWEST_TO_PREDICT = 50
"""Fewer observations leave too few a fold."""

_LEARNING_ERROR = 0.75
"""Of one predictor, times n: with it the intervals hold, by benchmarks/coverage.py."""


@dataclass(frozen=True)
class Prediction:
    """Each observation's squared error, and that of foretelling the mean of the others' folds."""

    errors: Values
    of_mean: Values
    predictors: int

    @property
    def skill(self) -> float:
        """R² out of sample: 1 is perfect, 0 no better than the mean, below 0 worse."""
        return 1 - float(self.errors.sum() / self.of_mean.sum())

    def estimate(self) -> Estimate:
        """The skill with its interval, from each observation's influence on it."""
        return _estimate(self.skill, self._influence, self.predictors)

    def gain_over(self, other: "Prediction") -> Estimate:
        """The skill less the other's, of the same observations."""
        gain, influence = self.skill - other.skill, self._influence - other._influence
        return _estimate(gain, influence, max(self.predictors - other.predictors, 1))

    @property
    def _influence(self) -> Values:
        surplus = (1 - self.skill) * self.of_mean - self.errors
        influence: Values = surplus / self.of_mean.mean()
        return influence


def predict(outcome: Values, *predictors: Values) -> Prediction | None:
    """Least squares in ten folds, each foretold from the nine others; null under 50 observations.

    Observation i is in fold i mod 10, so that nothing is drawn: titles come in the order of keys,
    which are hashes.
    """
    n = len(outcome)
    if n < FEWEST_TO_PREDICT or not np.ptp(outcome):
        return None
    design = np.column_stack([np.ones(n), *predictors])
    fold = np.arange(n) % FOLDS
    foretold, means = np.empty(n), np.empty(n)
    for out in range(FOLDS):
        inside, outside = fold != out, fold == out
        line = np.linalg.lstsq(design[inside], outcome[inside], rcond=None)[0]
        foretold[outside], means[outside] = design[outside] @ line, outcome[inside].mean()
    return Prediction(np.square(outcome - foretold), np.square(outcome - means), len(predictors))


def _estimate(value: float, influence: Values, learned: int) -> Estimate:
    """With the error of the sample, and that of what so many predictors learned from it."""
    n = len(influence)
    of_sample = np.std(influence, ddof=1) / np.sqrt(n)
    error = float(np.hypot(of_sample, _LEARNING_ERROR * np.sqrt(learned) / n))
    half = float(stats.t.ppf(0.975, n - 1)) * error
    p = 2 * float(stats.t.sf(abs(value) / error, n - 1)) if error else float(value == 0)
    return Estimate(value, value - half, value + half, p)
