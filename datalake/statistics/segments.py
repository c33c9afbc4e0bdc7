"""A line with bends through yearly figures: how many, where, and the slope of each period."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from scipy import stats

from datalake.statistics.estimate import FEWEST, Estimate, Values
from datalake.statistics.trend import autocorrelation, widening

MOST_BENDS = 2
SHORTEST_PERIOD = 10
"""Years: a shorter period tells of chance more than of a time."""

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


@dataclass(frozen=True)
class Fit:
    """Lines with the same number of bends: a row of years for each, and what it leaves."""

    places: Values
    squares: Values

    @property
    def best(self) -> Values:
        """The bends' years where the least is left."""
        years: Values = self.places[self.squares.argmin()]
        return years


def find_shape(years: Values, values: Values) -> Shape | None:
    """The shape with the lowest BIC, of none to two bends; null under ten years.

    Least squares. Neighbouring years resemble each other: BIC and intervals count as many years as
    are independent by the residuals' autocorrelation. The intervals know that bends are uncertain.
    """
    n = len(years)
    if n < FEWEST:
        return None
    fits = [_fit(years, values, bends) for bends in range(MOST_BENDS + 1)]
    possible = [fit for fit in fits if fit is not None]
    independent = n / _resembling(years, values, possible[-1].best)
    chosen = min(possible, key=lambda fit: _bic(fit, n, independent))
    return _describe(years, values, chosen)


def _resembling(years: Values, values: Values, bends: Values) -> float:
    """Years over independent years, by what the line with these bends leaves."""
    design = _design(years, bends)
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return widening(autocorrelation(left, 2 + 2 * len(bends)), len(years))


def _bic(fit: Fit, n: int, independent: float) -> float:
    """Each bend costs two parameters, its place and the slope after it."""
    error = max(fit.squares.min() / n, _NO_ERROR)
    parameters = 2 + 2 * fit.places.shape[1]
    return float(independent * np.log(error) + parameters * np.log(independent))


def _fit(years: Values, values: Values, bends: int) -> Fit | None:
    """Every place that so many bends can have; null where there is no room for them."""
    places = list(_places(years, bends))
    if not places:
        return None
    sums = np.concatenate(
        [
            _sums_of_squares(years, values, np.array(batch).reshape(len(batch), bends))
            for batch in (places[i : i + _BATCH] for i in range(0, len(places), _BATCH))
        ]
    )
    return Fit(np.array(places).reshape(len(places), bends), sums.round(9))


def _places(years: Values, bends: int) -> Iterator[tuple[float, ...]]:
    for places in combinations(years[1:-1].tolist(), bends):
        ends = (years[0], *places, years[-1])
        if all(later - earlier >= SHORTEST_PERIOD for earlier, later in pairwise(ends)):
            yield places


def _sums_of_squares(years: Values, values: Values, places: Values) -> Values:
    """Of each row of bends' years: what its line leaves."""
    time = years - years[0]
    lines = np.broadcast_to(
        np.column_stack([np.ones_like(time), time]), (len(places), len(time), 2)
    )
    after = np.maximum(years[:, None] - places[:, None, :], 0)
    design = np.concatenate([lines, after], axis=2)
    products = design.swapaxes(1, 2)
    coefficients = np.linalg.solve(products @ design, products @ values[:, None])
    left: Values = values - (design @ coefficients)[..., 0]
    squares: Values = np.square(left).sum(axis=1)
    return squares


def _design(years: Values, bends: Values) -> Values:
    after = np.maximum(years[:, None] - bends, 0)
    return np.column_stack([np.ones_like(years), years - years[0], after])


def _describe(years: Values, values: Values, fit: Fit) -> Shape:
    """The best fit; its intervals reach over all places that the data can't tell from it."""
    bends, least = fit.best, float(fit.squares.min())
    freedom = max(len(years) / _resembling(years, values, bends) - 2 - 2 * len(bends), 1)
    reach = float(stats.t.ppf(0.975, freedom))
    likely = fit.places[fit.squares <= least * (1 + reach**2 / freedom) + _NO_ERROR]
    # A bend is two parameters, its place and the change of slope: Student's t alone is too narrow.
    region = 1 + 2 * float(stats.f.ppf(0.95, 2, freedom)) / freedom
    places_of_bends = fit.places[fit.squares <= least * region + _NO_ERROR]
    lines = [_slopes(years, values, places, freedom) for places in likely]
    at = int(np.flatnonzero((likely == bends).all(axis=1))[0])
    slopes, errors = (np.array(figures) for figures in zip(*lines, strict=True))
    ends = slopes - reach * errors, slopes + reach * errors
    corners = np.concatenate([years[:1], bends, years[-1:]])
    coefficients = np.linalg.lstsq(_design(years, bends), values, rcond=None)[0]
    levels = _design(corners, bends) @ coefficients
    return Shape(
        tuple(
            Estimate(float(bend), float(column.min()), float(column.max()))
            for bend, column in zip(bends, places_of_bends.T, strict=True)
        ),
        tuple(
            Estimate(float(slope), float(low), float(high), p)
            for slope, low, high, p in zip(
                slopes[at],
                ends[0].min(axis=0),
                ends[1].max(axis=0),
                _least_certain(slopes, errors, freedom),
                strict=True,
            )
        ),
        tuple(levels.tolist()),
    )


def _slopes(years: Values, values: Values, bends: Values, freedom: float) -> tuple[Values, Values]:
    """Each period's slope per decade, with its standard error where the bends are known."""
    design = _design(years, bends)
    coefficients = np.linalg.lstsq(design, values, rcond=None)[0]
    error = float(np.square(values - design @ coefficients).sum()) / freedom
    # A period's slope is the first one and every change since.
    sums = np.tril(np.ones((len(bends) + 1, len(bends) + 1)))
    covariance = sums @ (error * np.linalg.inv(design.T @ design))[1:, 1:] @ sums.T
    return 10 * sums @ coefficients[1:], 10 * np.sqrt(np.diag(covariance))


def _least_certain(slopes: Values, errors: Values, freedom: float) -> list[float]:
    """Each period's largest p-value among the likely lines; where their signs differ, 1."""
    turns = (slopes.min(axis=0) < 0) & (slopes.max(axis=0) > 0)
    p = 2 * stats.t.sf(np.abs(slopes) / np.maximum(errors, _NO_ERROR), freedom)
    return [float(value) for value in np.where(turns, 1.0, p.max(axis=0))]
