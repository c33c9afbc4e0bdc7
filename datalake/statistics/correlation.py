"""Correlations with intervals that hold whatever the shape of the data: no normality, ties allowed.

The standard errors come from influence functions (the infinitesimal jackknife): how much each
observation moves the estimate. Partial correlations and differences of two correlations on the
same titles follow by the chain rule, so their intervals account for the dependence of the parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datalake.statistics.distributions import student_quantile, student_tail
from datalake.statistics.estimate import FEWEST, Estimate, Values, normal_estimate

Indices = NDArray[np.intp]

_SINGULAR = 1e10
_CERTAIN = 1 - 1e-12


@dataclass(frozen=True)
class Correlation:
    """One correlation of n observations, with each one's influence on it."""

    value: float
    influence: Values
    controls: int = 0

    def estimate(self) -> Estimate:
        """The correlation with its interval: Student's t on Fisher's z, wider in small samples."""
        if abs(self.value) >= _CERTAIN:
            return Estimate(round(self.value), round(self.value), round(self.value), 0.0)
        middle, error = self.fishers_z
        half = self._t95 * error
        low, high = np.tanh([middle - half, middle + half])
        return Estimate(self.value, float(low), float(high), self._p_value(middle, error))

    def lead_over(self, other: "Correlation") -> Estimate:
        """The correlation less the other, of the same observations."""
        difference = self.value - other.value
        error = self._error(self.influence - other.influence)
        half = self._t95 * error
        low, high = np.clip([difference - half, difference + half], -2, 2)
        return Estimate(difference, float(low), float(high), self._p_value(difference, error))

    @property
    def fishers_z(self) -> tuple[float, float]:
        """Fisher's z, the inverse hyperbolic tangent of the correlation, and its standard error."""
        value = float(np.clip(self.value, -_CERTAIN, _CERTAIN))
        return float(np.arctanh(value)), self._error(self.influence) / (1 - value**2)

    def _error(self, influence: Values) -> float:
        n = len(influence)
        return float(np.sqrt(np.square(influence).sum() / (n * (n - 3 - self.controls))))

    @property
    def _degrees_of_freedom(self) -> int:
        return len(self.influence) - 2 - self.controls

    @property
    def _t95(self) -> float:
        return student_quantile(0.975, self._degrees_of_freedom)

    def _p_value(self, difference: float, error: float) -> float:
        if not error:
            return float(difference == 0)
        return float(2 * student_tail(abs(difference) / error, self._degrees_of_freedom))


def difference_of_independent(first: Correlation, second: Correlation) -> Estimate:
    """The difference in Fisher's z of the correlations of two independent samples."""
    (a, error_a), (b, error_b) = first.fishers_z, second.fishers_z
    return normal_estimate(a - b, float(np.hypot(error_a, error_b)))


def change_per_step(steps: Sequence[float], correlations: Sequence[Correlation]) -> Estimate:
    """The slope of Fisher's z per step, over independent samples: inverse-variance weighted."""
    if len(steps) < 3:
        return Estimate()
    z, errors = np.array([correlation.fishers_z for correlation in correlations]).T
    weights = 1 / np.maximum(errors, 1e-9) ** 2
    centred = np.array(steps) - np.average(steps, weights=weights)
    spread = float(np.sum(weights * centred**2))
    return normal_estimate(float(np.sum(weights * centred * z)) / spread, spread**-0.5)


class Correlations:
    """The correlation matrix of columns of the same length, without nulls."""

    def __init__(self, centred: Values, influence_on_covariance: Values) -> None:
        self.n = centred.shape[1]
        covariance = centred @ centred.T / max(self.n, 1)
        spread = np.sqrt(np.diag(covariance))
        self._varies = spread > 0
        spread = np.where(self._varies, spread, np.nan)
        scale = np.outer(spread, spread)
        self._matrix = covariance / scale
        scaled = influence_on_covariance / scale[:, :, None]
        own = np.einsum("aan->an", scaled)
        self._influence = scaled - self._matrix[:, :, None] * (own[:, None] + own[None]) / 2

    def between(self, a: int, b: int, controls: Sequence[int] = ()) -> Correlation | None:
        """The correlation of columns a and b, partial given `controls`; null without variance.

        A control that never varies controls nothing and is left out.
        """
        controls = [c for c in controls if self._varies[c]]
        if self.n < FEWEST or not (self._varies[a] and self._varies[b]):
            return None
        chosen = np.ix_([a, b, *controls], [a, b, *controls])
        matrix, influence = self._matrix[chosen], self._influence[chosen]
        if not controls:
            return Correlation(float(matrix[0, 1]), influence[0, 1])
        if np.linalg.cond(matrix) > _SINGULAR:
            return None
        return _partial(matrix, influence)


def spearman(*columns: Values) -> Correlations:
    """Rank correlations; ties share their mean rank."""
    n = len(columns[0])
    ranked = [_centred_grades(column) for column in columns]
    grades = np.array([grade for grade, _ in ranked]).reshape(len(columns), n)
    # An observation also moves the ranks of the others: it lifts those above it.
    lifted = np.array([[_lift(index, grade) for grade in grades] for _, index in ranked])
    covariance = (grades @ grades.T / max(n, 1))[:, :, None]
    products = grades[:, None] * grades[None]
    return Correlations(grades, products + lifted + lifted.swapaxes(0, 1) - 3 * covariance)


def pearson(*columns: Values) -> Correlations:
    """Linear correlations."""
    values = np.array(columns)
    centred = values - values.mean(axis=1, keepdims=True) if values.size else values
    products = centred[:, None] * centred[None]
    covariance = (centred @ centred.T / max(values.shape[1], 1))[:, :, None]
    return Correlations(centred, products - covariance)


def pearson_complete(*columns: Values) -> Correlations:
    """Linear correlations of the rows where no column is NaN."""
    complete = ~np.isnan(np.array(columns)).any(axis=0)
    return pearson(*(column[complete] for column in columns))


def _partial(matrix: Values, influence: Values) -> Correlation:
    """The partial correlation of the first two columns, from the inverse of all correlations."""
    inverse = np.linalg.inv(matrix)
    inverse_influence = -np.einsum("ab,bcn,cd->adn", inverse, influence, inverse, optimize=True)
    scale = np.sqrt(inverse[0, 0] * inverse[1, 1])
    value = float(-inverse[0, 1] / scale)
    own = inverse_influence[0, 0] / inverse[0, 0] + inverse_influence[1, 1] / inverse[1, 1]
    return Correlation(value, -inverse_influence[0, 1] / scale - value * own / 2, len(matrix) - 2)


def _centred_grades(column: Values) -> tuple[Values, Indices]:
    """Each value's mid-rank as a share of n, less a half; and its index among distinct values."""
    _, index, size = np.unique(column, return_inverse=True, return_counts=True)
    grade = (np.cumsum(size) - size / 2) / max(len(column), 1) - 0.5
    return grade[index], index


def _lift(index: Indices, grades: Values) -> Values:
    """For each observation: the mean of the others' `grades` above it, ties half."""
    sums = np.bincount(index, weights=grades)
    above = sums.sum() - np.cumsum(sums) + sums / 2
    lifted: Values = above[index] / max(len(grades), 1)
    return lifted
