"""A line with bends through yearly figures: how many, where, and the slope of each period."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from datalake.statistics.distributions import f_quantile, student_quantile, student_tail
from datalake.statistics.estimate import FEWEST, Estimate, Values
from datalake.statistics.trend import (
    autocorrelation,
    line_design,
    line_residuals,
    variance_inflation,
)

MOST_BENDS = 2
SHORTEST_PERIOD = 10
"""Years: the slope of a shorter period is mostly noise."""

_BATCH = 2_000
_NO_ERROR = 1e-9


@dataclass(frozen=True)
class Shape:
    """A continuous line of straight periods; `bends` are the years where one ends, with intervals.

    `slopes` are per decade, one a period; `levels` are the line's values at its start, its bends
    and its end.
    """

    bends: tuple[Estimate, ...]
    slopes: tuple[Estimate, ...]
    levels: tuple[float, ...]

    @property
    def bend_years(self) -> list[float]:
        """The years of the bends, without their intervals."""
        return [bend.value for bend in self.bends if bend.value is not None]


@dataclass(frozen=True)
class Fit:
    """All lines with the same number of bends: the bends' years, a row a line, and the line's fit.

    `residual_squares` has the sum of squared residuals of each line.
    """

    bend_years: Values
    residual_squares: Values

    @property
    def best(self) -> Values:
        """The bends' years of the line with the smallest residuals."""
        years: Values = self.bend_years[self.residual_squares.argmin()]
        return years


def find_shape(years: Values, values: Values) -> Shape | None:
    """The shape with the lowest BIC, of none to two bends; null under ten years.

    Least squares. Neighbouring years are autocorrelated, so BIC and intervals use the effective
    number of years. The intervals include the uncertainty of where the bends are.
    """
    n = len(years)
    if n < FEWEST:
        return None
    fits = [_fit(years, values, bends) for bends in range(MOST_BENDS + 1)]
    feasible = [fit for fit in fits if fit is not None]
    effective_years = n / _variance_inflation(years, values, feasible[-1].best)
    chosen = min(feasible, key=lambda fit: _bic(fit, n, effective_years))
    return _shape(years, values, chosen)


def _variance_inflation(years: Values, values: Values, bends: Values) -> float:
    """Years over effective years, by the autocorrelation of the residuals of these bends' line."""
    residuals = line_residuals(years, values, bends)
    return variance_inflation(autocorrelation(residuals, 2 + 2 * len(bends)), len(years))


def _bic(fit: Fit, n: int, effective_years: float) -> float:
    """Each bend costs two parameters, its place and the slope after it."""
    error = max(fit.residual_squares.min() / n, _NO_ERROR)
    parameters = 2 + 2 * fit.bend_years.shape[1]
    return float(effective_years * np.log(error) + parameters * np.log(effective_years))


def _fit(years: Values, values: Values, bends: int) -> Fit | None:
    """Every line with so many bends; null where there is no room for them."""
    bend_years = list(_bend_years(years, bends))
    if not bend_years:
        return None
    sums = np.concatenate(
        [
            _residual_squares(years, values, np.array(batch).reshape(len(batch), bends))
            for batch in (bend_years[i : i + _BATCH] for i in range(0, len(bend_years), _BATCH))
        ]
    )
    return Fit(np.array(bend_years).reshape(len(bend_years), bends), sums.round(9))


def _bend_years(years: Values, bends: int) -> Iterator[tuple[float, ...]]:
    for bend_years in combinations(years[1:-1].tolist(), bends):
        ends = (years[0], *bend_years, years[-1])
        if all(later - earlier >= SHORTEST_PERIOD for earlier, later in pairwise(ends)):
            yield bend_years


def _residual_squares(years: Values, values: Values, bend_years: Values) -> Values:
    """The sum of squared residuals of each row of bends' years."""
    time = years - years[0]
    lines = np.broadcast_to(
        np.column_stack([np.ones_like(time), time]), (len(bend_years), len(time), 2)
    )
    after = np.maximum(years[:, None] - bend_years[:, None, :], 0)
    design = np.concatenate([lines, after], axis=2)
    products = design.swapaxes(1, 2)
    coefficients = np.linalg.solve(products @ design, products @ values[:, None])
    residuals: Values = values - (design @ coefficients)[..., 0]
    residual_squares: Values = np.square(residuals).sum(axis=1)
    return residual_squares


def _shape(years: Values, values: Values, fit: Fit) -> Shape:
    """The best line; its intervals cover all bends that fit the data nearly as well."""
    bends, least = fit.best, float(fit.residual_squares.min())
    degrees_of_freedom = max(
        len(years) / _variance_inflation(years, values, bends) - 2 - 2 * len(bends), 1
    )
    t95 = student_quantile(0.975, degrees_of_freedom)
    likely = fit.bend_years[
        fit.residual_squares <= least * (1 + t95**2 / degrees_of_freedom) + _NO_ERROR
    ]
    # A bend is two parameters, its place and the change of slope: Student's t alone is too narrow.
    region = 1 + 2 * f_quantile(0.95, 2, degrees_of_freedom) / degrees_of_freedom
    likely_bends = fit.bend_years[fit.residual_squares <= least * region + _NO_ERROR]
    lines = [_slopes(years, values, bend_years, degrees_of_freedom) for bend_years in likely]
    best = int(np.flatnonzero((likely == bends).all(axis=1))[0])
    slopes, errors = (np.array(figures) for figures in zip(*lines, strict=True))
    lows, highs = slopes - t95 * errors, slopes + t95 * errors
    corners = np.concatenate([years[:1], bends, years[-1:]])
    coefficients = np.linalg.lstsq(line_design(years, bends), values, rcond=None)[0]
    levels = line_design(corners, bends) @ coefficients
    return Shape(
        tuple(
            Estimate(float(bend), float(column.min()), float(column.max()))
            for bend, column in zip(bends, likely_bends.T, strict=True)
        ),
        tuple(
            Estimate(float(slope), float(low), float(high), p)
            for slope, low, high, p in zip(
                slopes[best],
                lows.min(axis=0),
                highs.max(axis=0),
                _largest_p_values(slopes, errors, degrees_of_freedom),
                strict=True,
            )
        ),
        tuple(levels.tolist()),
    )


def _slopes(
    years: Values, values: Values, bends: Values, degrees_of_freedom: float
) -> tuple[Values, Values]:
    """Each period's slope per decade, with its standard error where the bends are known."""
    design = line_design(years, bends)
    coefficients = np.linalg.lstsq(design, values, rcond=None)[0]
    variance = float(np.square(values - design @ coefficients).sum()) / degrees_of_freedom
    # A period's slope is the first one and every change since.
    sums = np.tril(np.ones((len(bends) + 1, len(bends) + 1)))
    covariance = sums @ (variance * np.linalg.inv(design.T @ design))[1:, 1:] @ sums.T
    return 10 * sums @ coefficients[1:], 10 * np.sqrt(np.diag(covariance))


def _largest_p_values(slopes: Values, errors: Values, degrees_of_freedom: float) -> list[float]:
    """Each period's largest p-value among the likely lines; where their signs differ, 1."""
    turns = (slopes.min(axis=0) < 0) & (slopes.max(axis=0) > 0)
    p = 2 * student_tail(np.abs(slopes) / np.maximum(errors, _NO_ERROR), degrees_of_freedom)
    return [float(value) for value in np.where(turns, 1.0, p.max(axis=0))]
