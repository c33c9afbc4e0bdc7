"""Variants: each measure's correlation with the budget, with one choice made otherwise."""

from collections.abc import Iterator

import numpy as np

from datalake.questions.popularity_cost.estimate import (
    MEASURES,
    correlate,
    counted_films,
    over_others,
    per_decade,
    stratum,
)
from datalake.questions.population import ALL, Population, Titles
from datalake.questions.sensitivity import Variants, better_known, compare
from datalake.questions.strata import by_decade
from datalake.schemas.table import Row
from datalake.statistics.correlation import Correlation, pearson_complete
from datalake.statistics.estimate import Estimate
from datalake.statistics.robust import logs, ranks_within, within_fences

_HEADLINE_MEASURE = "tmdb_popularity"


def vary(population: Population) -> Iterator[Row]:
    """One row per measure × variant, per genre's difference, and one for the change by decade."""
    for measure in MEASURES:
        yield from compare(measure, _variants(population.titles, measure))
    films = population.titles.where(population.titles.of_kind("movie"))
    decades = [stratum(_HEADLINE_MEASURE, ALL, decade, part) for decade, part in by_decade(films)]
    change = per_decade(decades[1:])
    yield from compare("per_decade", iter([("as_answered", len(decades[0].counted), change)]))
    # With one genre in scope there are no others to compare it with.
    for genre in population.scope if len(population.scope) > 1 else ():
        own, others = (
            stratum(_HEADLINE_MEASURE, genre, None, films.where(chosen))
            for chosen in (films.of_genre(genre), ~films.of_genre(genre))
        )
        lead = over_others(own, others)
        yield from compare(genre, iter([("as_answered", len(own.counted), lead)]))


def _variants(titles: Titles, measure: str) -> Variants:
    films = titles.where(titles.of_kind("movie"))
    films = films.where(counted_films(films, measure)[0])
    unadjusted, adjusted = correlate(films, measure)
    yield "as_answered", len(films), _estimate(unadjusted)
    adjusted_by = "adjusted_for_year" if measure == "imdb_votes" else "adjusted"
    yield adjusted_by, len(films), _estimate(adjusted)
    columns = ("budget", MEASURES[measure])
    within = np.logical_and.reduce([within_fences(logs(films[column])) for column in columns])
    for variant, chosen in (*better_known(films), ("no_outliers", within)):
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
