"""Each measure's correlation with the budget again, with one choice made otherwise."""

from collections.abc import Iterator

import numpy as np

from datalake.questions.popularity_cost.estimate import MEASURES, correlate, counted_films
from datalake.questions.population import Population, Titles
from datalake.questions.sensitivity import Variants, better_known, compare
from datalake.schemas.table import Row
from datalake.statistics.correlation import Correlation, pearson_complete
from datalake.statistics.estimate import Estimate
from datalake.statistics.robust import logs, ranks_within, within_fences


def vary(population: Population) -> Iterator[Row]:
    """One row per measure × variant."""
    for measure in MEASURES:
        yield from compare(measure, _variants(population.titles, measure))


def _variants(titles: Titles, measure: str) -> Variants:
    films = titles.where(titles.of_kind("movie"))
    films = films.where(counted_films(films, measure)[0])
    unadjusted, adjusted = correlate(films, measure)
    yield "as_answered", len(films), _estimate(unadjusted)
    yield "adjusted", len(films), _estimate(adjusted)
    columns = ("budget", MEASURES[measure])
    fenced = np.logical_and.reduce([within_fences(logs(films[column])) for column in columns])
    for variant, chosen in (*better_known(films), ("no_outliers", fenced)):
        correlation, _ = correlate(films.where(chosen), measure)
        yield variant, int(chosen.sum()), _estimate(correlation)
    year = films["start_year"]
    for variant, transformed in (
        ("within_year", [ranks_within(year, films[column]) for column in columns]),
        ("log_pearson", [logs(films[column]) for column in columns]),
    ):
        correlations = pearson_complete(*transformed)
        yield variant, correlations.n, _estimate(correlations.between(0, 1))


def _estimate(correlation: Correlation | None) -> Estimate:
    return correlation.estimate() if correlation else Estimate()
