"""Variants: each measure's trend, with one choice made otherwise."""

from collections.abc import Iterator

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
from datalake.statistics.trend import least_squares_per_decade

_FEATURE_MINUTES = 40


def vary(population: Population) -> Iterator[Row]:
    """One row per measure × variant, and one per period of each measure's shape."""
    for measure in MEASURES:
        yield from compare(measure, _variants(population, measure))
        counted, _ = in_trend(observations(population, measure))
        fitted = shape(yearly_medians(counted))
        for period, period_slope in enumerate(fitted.slopes if fitted else (), start=1):
            answer = ("as_answered", len(counted.year), period_slope)
            yield from compare(f"{measure}.{period}", iter([answer]))


def _variants(population: Population, measure: str) -> Variants:
    observed = observations(population, measure)
    counted, _ = in_trend(observed)
    medians = yearly_medians(counted)
    yield "as_answered", len(counted.year), slope(medians)
    yield "adjusted", len(counted.year), slope(adjusted_medians(counted))
    for variant, chosen in better_known(population.titles):
        yield variant, *_trend(observations(population.where(chosen), measure))
    yield "no_outliers", *_trend(observed.where(within_fences(logs(observed.value))))
    if measure == "film_length":
        yield "features_only", *_trend(observed.where(observed.value >= _FEATURE_MINUTES))
    means = {year: float(in_year.value.mean()) for year, in_year in by_year(counted)}
    yield "yearly_means", len(counted.year), slope(means)
    least_squares = least_squares_per_decade(list(medians), list(medians.values()))
    yield "least_squares", len(counted.year), least_squares


def _trend(observed: Observations) -> tuple[int, Estimate]:
    counted, _ = in_trend(observed)
    return len(counted.year), slope(yearly_medians(counted))
