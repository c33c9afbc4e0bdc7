"""Variants: the lead of one rating over the other, with one choice made otherwise."""

from collections.abc import Iterator

from datalake.questions.population import Population, Titles
from datalake.questions.ratings.estimate import (
    OUTCOMES,
    counted_titles,
    predictions,
    ratings,
    relate,
    success,
)
from datalake.questions.sensitivity import Variants, better_known, compare
from datalake.schemas.table import Row
from datalake.statistics.correlation import pearson_complete
from datalake.statistics.estimate import Estimate
from datalake.statistics.robust import logs, ranks_within, within_fences


def vary(population: Population) -> Iterator[Row]:
    """One row per kind and outcome × variant, and one for the skill of both ratings."""
    for kind, outcomes in OUTCOMES.items():
        titles = population.titles.where(population.titles.of_kind(kind))
        for outcome in outcomes:
            yield from compare(f"{kind}.{outcome}", _variants(titles, outcome))
            counted = titles.where(counted_titles(titles, outcome)[0])
            prediction = predictions(counted, outcome)["both"]
            if prediction:
                answer = ("as_answered", len(prediction.errors), prediction.estimate())
                yield from compare(f"{kind}.{outcome}.skill", iter([answer]))


def _variants(titles: Titles, outcome: str) -> Variants:
    titles = titles.where(counted_titles(titles, outcome)[0])
    adjusted_by = "adjusted_for_year" if outcome == "votes" else "adjusted"
    yield "as_answered", len(titles), _lead(titles, outcome)
    yield adjusted_by, len(titles), _lead(titles, outcome, adjusted=True)
    outcomes = success(titles, outcome)
    chosen_by = [*better_known(titles), ("no_outliers", within_fences(logs(outcomes)))]
    if outcome in OUTCOMES["series"]:
        chosen_by.append(("ended_only", titles["ended"] == 1))
    for variant, chosen in chosen_by:
        yield variant, int(chosen.sum()), _lead(titles.where(chosen), outcome)
    if outcome == "longevity":
        return
    columns = (outcomes, *ratings(titles))
    within = pearson_complete(*(ranks_within(titles["start_year"], column) for column in columns))
    linear = pearson_complete(logs(outcomes), *columns[1:])
    for variant, correlations in (("within_year", within), ("log_pearson", linear)):
        imdb, tmdb = (correlations.between(0, site) for site in (1, 2))
        lead = imdb.lead_over(tmdb) if imdb and tmdb else Estimate()
        yield variant, correlations.n, lead


def _lead(titles: Titles, outcome: str, adjusted: bool = False) -> Estimate:
    pair = relate(titles, outcome, adjusted)
    return pair[0].lead_over(pair[1]) if pair else Estimate()
