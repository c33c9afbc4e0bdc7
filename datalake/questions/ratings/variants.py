"""The lead of one rating over the other again, with one choice made otherwise."""

from collections.abc import Iterator

from datalake.questions.population import Population, Titles
from datalake.questions.ratings.estimate import (
    OUTCOMES,
    controls,
    correlate,
    counted_titles,
    success,
    with_outcome,
)
from datalake.questions.sensitivity import Variants, better_known, compare
from datalake.schemas.table import Row
from datalake.statistics.correlation import Correlations, pearson_complete
from datalake.statistics.estimate import Estimate
from datalake.statistics.robust import logs, ranks_within, within_fences


def vary(population: Population) -> Iterator[Row]:
    """One row per kind and outcome × variant."""
    for kind, outcomes in OUTCOMES.items():
        titles = population.titles.where(population.titles.of_kind(kind))
        for outcome in outcomes:
            yield from compare(f"{kind}.{outcome}", _variants(titles, outcome))


def _variants(titles: Titles, outcome: str) -> Variants:
    titles = titles.where(counted_titles(titles, outcome)[0])
    correlations = correlate(titles, outcome)
    yield "as_answered", len(titles), _lead(correlations)
    yield "adjusted", len(titles), _lead(correlations, controls(outcome))
    outcomes = success(titles, outcome)
    fenced = within_fences(logs(outcomes))
    for variant, chosen in (*better_known(titles), ("no_outliers", fenced)):
        lead = _lead(correlate(titles.where(chosen), outcome))
        yield variant, int(chosen.sum()), lead
    columns = (outcomes, titles["imdb_rating"], titles["tmdb_rating"])
    within = pearson_complete(*(ranks_within(titles["start_year"], column) for column in columns))
    yield "within_year", within.n, _lead(within)
    linear = pearson_complete(logs(outcomes), *columns[1:])
    yield "log_pearson", linear.n, _lead(linear)


def _lead(correlations: Correlations, controls: tuple[int, ...] = ()) -> Estimate:
    pair = with_outcome(correlations, controls)
    return pair[0].lead_over(pair[1]) if pair else Estimate()
