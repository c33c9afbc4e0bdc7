"""Variants: each measure's overall slope and shape, with one choice made otherwise."""

from collections.abc import Iterator, Mapping, Sequence

from datalake.questions.population import Population
from datalake.questions.sensitivity import Variants, better_known, compare
from datalake.questions.trends.estimate import (
    MEASURES,
    Observations,
    adjusted_medians,
    by_year,
    in_trend,
    observations,
    shape,
    slope,
    yearly_medians,
)
from datalake.schemas.table import Row
from datalake.statistics.estimate import Estimate
from datalake.statistics.robust import logs, within_fences
from datalake.statistics.segments import Shape
from datalake.statistics.trend import least_squares_per_decade

_FEATURE_MINUTES = 40

YearlySeries = tuple[str, int, Mapping[int, float]]
"""A variant's name, how many count in it, and its figure of each year."""

FittedSeries = tuple[str, int, Shape | None]
"""A variant's name, how many count in it, and the shape of its yearly figures."""


def vary(population: Population) -> Iterator[Row]:
    """One row per measure × variant, and one per period of each measure's shape × variant."""
    for measure in MEASURES:
        counted, _ = in_trend(observations(population, measure))
        series = list(_yearly_series(population, measure, counted))
        shapes = [(variant, n, shape(yearly)) for variant, n, yearly in series]
        yield from compare(measure, _overall_slopes(counted, series, shapes))
        yield from _compare_periods(measure, shapes)


def _yearly_series(
    population: Population, measure: str, counted: Observations
) -> Iterator[YearlySeries]:
    observed = observations(population, measure)
    yield "as_answered", len(counted.year), yearly_medians(counted)
    for variant, chosen in better_known(population.titles):
        yield variant, *_medians(observations(population.where(chosen), measure))
    yield "no_outliers", *_medians(observed.where(within_fences(logs(observed.value))))
    if measure == "film_length":
        yield "features_only", *_medians(observed.where(observed.value >= _FEATURE_MINUTES))
    means = {year: float(in_year.value.mean()) for year, in_year in by_year(counted)}
    yield "yearly_means", len(counted.year), means


def _medians(observed: Observations) -> tuple[int, dict[int, float]]:
    counted, _ = in_trend(observed)
    return len(counted.year), yearly_medians(counted)


def _overall_slopes(
    counted: Observations, series: Sequence[YearlySeries], shapes: Sequence[FittedSeries]
) -> Variants:
    (variant, n, medians), *_ = series
    slopes = [
        slope(yearly, fitted) for (*_, yearly), (*_, fitted) in zip(series, shapes, strict=True)
    ]
    yield variant, n, slopes[0]
    adjusted = adjusted_medians(counted)
    yield "adjusted", n, slope(adjusted, shape(adjusted))
    for (variant, size, _), otherwise in zip(series[1:], slopes[1:], strict=True):
        yield variant, size, otherwise
    yield "least_squares", n, least_squares_per_decade(list(medians), list(medians.values()))


def _compare_periods(measure: str, shapes: Sequence[FittedSeries]) -> Iterator[Row]:
    """One row per period of the answer's shape × variant; the first of `shapes` is the answer's.

    A variant with more bends or fewer has no such period, and disagrees. There is none adjusted:
    it would be one more answer to correct p-values for.
    """
    _, _, answer = shapes[0]
    periods = len(answer.slopes) if answer else 0
    otherwise_bent = {
        variant for variant, _, fitted in shapes if fitted and len(fitted.slopes) != periods
    }
    for period in range(periods):
        slopes = [(variant, n, _slope_of(fitted, period, periods)) for variant, n, fitted in shapes]
        for row in compare(f"{measure}.{period + 1}", iter(slopes)):
            bends_alike = row["variant"] not in otherwise_bent
            yield row if bends_alike else {**row, "agrees": False}


def _slope_of(fitted: Shape | None, period: int, periods: int) -> Estimate:
    if fitted is None or len(fitted.slopes) != periods:
        return Estimate()
    return fitted.slopes[period]
