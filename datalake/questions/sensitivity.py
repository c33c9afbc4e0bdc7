"""The headlines again, with one choice made otherwise: does the answer hang on it?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import stats

from datalake.questions.people.estimate import Ranking, over_peers, rank, rating
from datalake.questions.popularity_cost.estimate import MEASURES, correlations, counted_films
from datalake.questions.population import ROLES, Population, Titles
from datalake.questions.ratings.estimate import (
    OUTCOMES,
    compared,
    controls,
    counted_titles,
    rank_correlations,
    success,
)
from datalake.questions.trends.estimate import MEASURES as TREND_MEASURES
from datalake.questions.trends.estimate import Seen, adjusted_medians, in_trend, seen, slope, yearly
from datalake.statistics.correlation import Correlations, pearson
from datalake.statistics.estimate import FEWEST, Estimate, Mask, Values
from datalake.statistics.robust import logs, ranks_within, usual

_FEWEST_VOTES = (100, 1_000)
_FEATURE_MINUTES = 40
_TOP = 10

Row = dict[str, Any]
Variants = Iterator[tuple[str, int, Estimate]]


def sensitivity(population: Population) -> list[Row]:
    """One row per question × subject × variant; each subject's first is the answer as given."""
    rows: list[Row] = []
    for measure in MEASURES:
        rows += _compared("q1", measure, _costs(population.titles, measure))
    for role in ROLES:
        rows += _leaders(role, population)
    for measure in TREND_MEASURES:
        rows += _compared("q3", measure, _trends(population, measure))
    for kind, outcomes in OUTCOMES.items():
        titles = population.titles.where(population.titles.of_kind(kind))
        for outcome in outcomes:
            rows += _compared("q4", f"{kind}.{outcome}", _leads(titles, outcome))
    return rows


def _compared(question: str, subject: str, variants: Variants) -> Iterator[Row]:
    """Rows of one subject; agreeing is saying the same of the sign, with the same certainty."""
    answered = None
    for variant, n, found in variants:
        if variant == "as_answered":
            answered = found.direction
        known = answered is not None and found.direction is not None
        yield {
            **{"question": question, "subject": subject, "variant": variant, "n": n},
            **{"value": found.value, "ci_low": found.low, "ci_high": found.high},
            **{"leader": None, "top_ten_kept": None},
            "agrees": found.direction == answered if known else None,
        }


def _better_known(titles: Titles) -> Iterator[tuple[str, Mask]]:
    for votes in _FEWEST_VOTES:
        yield f"min_votes_{votes}", titles["imdb_votes"] >= votes


def _costs(titles: Titles, measure: str) -> Variants:
    films = titles.where(titles.of_kind("movie"))
    films = films.where(counted_films(films, measure)[0])
    plain, adjusted = correlations(films, measure)
    yield "as_answered", len(films), plain.estimate() if plain else Estimate()
    yield "adjusted", len(films), adjusted.estimate() if adjusted else Estimate()
    columns = ("budget", MEASURES[measure])
    fenced = np.logical_and.reduce([usual(logs(films[column])) for column in columns])
    for variant, chosen in (*_better_known(films), ("no_outliers", fenced)):
        found, _ = correlations(films.where(chosen), measure)
        yield variant, int(chosen.sum()), found.estimate() if found else Estimate()
    year = films["start_year"]
    for variant, moved in (
        ("within_year", [ranks_within(year, films[column]) for column in columns]),
        ("log_pearson", [logs(films[column]) for column in columns]),
    ):
        n, moved_correlations = _pearson(*moved)
        found = moved_correlations.between(0, 1)
        yield variant, n, found.estimate() if found else Estimate()


def _pearson(*columns: Values) -> tuple[int, Correlations]:
    known = ~np.isnan(np.array(columns)).any(axis=0)
    return int(known.sum()), pearson(*(column[known] for column in columns))


def _leads(titles: Titles, outcome: str) -> Variants:
    titles = titles.where(counted_titles(titles, outcome)[0])

    def lead(found: Correlations, given: tuple[int, ...] = ()) -> Estimate:
        pair = compared(found, given)
        return pair[0].lead_over(pair[1]) if pair else Estimate()

    answered = rank_correlations(titles, outcome)
    yield "as_answered", len(titles), lead(answered)
    yield "adjusted", len(titles), lead(answered, controls(outcome))
    outcomes = success(titles, outcome)
    for variant, chosen in (*_better_known(titles), ("no_outliers", usual(logs(outcomes)))):
        found = rank_correlations(titles.where(chosen), outcome)
        yield variant, int(chosen.sum()), lead(found)
    columns = (outcomes, titles["imdb_rating"], titles["tmdb_rating"])
    year = titles["start_year"]
    n, within = _pearson(*(ranks_within(year, column) for column in columns))
    yield "within_year", n, lead(within)
    n, linear = _pearson(logs(outcomes), *columns[1:])
    yield "log_pearson", n, lead(linear)


def _trends(population: Population, measure: str) -> Variants:
    counted, _ = in_trend(seen(population, measure))
    medians = {year: float(np.median(one.value)) for year, one in yearly(counted)}
    yield "as_answered", len(counted.year), slope(medians)
    yield "adjusted", len(counted.year), slope(adjusted_medians(counted))
    for variant, chosen in _better_known(population.titles):
        yield _trend_of(variant, seen(population.where(chosen), measure))
    observed = seen(population, measure)
    yield _trend_of("no_outliers", observed.where(usual(logs(observed.value))))
    if measure == "film_length":
        yield _trend_of("features_only", observed.where(observed.value >= _FEATURE_MINUTES))
    means = {year: float(one.value.mean()) for year, one in yearly(counted)}
    yield "yearly_means", len(counted.year), slope(means)
    yield "least_squares", len(counted.year), _least_squares(medians)


def _trend_of(variant: str, observed: Seen) -> tuple[str, int, Estimate]:
    counted, _ = in_trend(observed)
    medians = {year: float(np.median(one.value)) for year, one in yearly(counted)}
    return variant, len(counted.year), slope(medians)


def _least_squares(medians: Mapping[int, float]) -> Estimate:
    """The ordinary line through the medians, with its textbook interval."""
    if len(medians) < FEWEST:
        return Estimate()
    line = stats.linregress(list(medians), list(medians.values()))
    half = 10 * float(stats.t.ppf(0.975, len(medians) - 2) * line.stderr)
    found = 10 * float(line.slope)
    return Estimate(found, found - half, found + half)


def _leaders(role: str, population: Population) -> Iterator[Row]:
    rankings = dict(_rankings(role, population))
    answer = rankings["as_answered"]
    first_ten = set(answer.person[answer.order[:_TOP]].tolist())
    for variant, ranking in rankings.items():
        yield {
            **{"question": "q2", "subject": role, "variant": variant, "n": len(ranking.person)},
            **_first(ranking),
            "top_ten_kept": len(first_ten & set(ranking.person[ranking.order[:_TOP]].tolist())),
            "agrees": ranking.leader == answer.leader if ranking.leader and answer.leader else None,
        }


def _first(ranking: Ranking) -> Row:
    """The first's key, for a name to be put in its place, and their figures."""
    if ranking.leader is None:
        return {"leader": None, "value": None, "ci_low": None, "ci_high": None}
    one, shrunk = ranking.order[0], ranking.shrunk
    figures = (shrunk.score[one], shrunk.low[one], shrunk.high[one])
    value, low, high = (None if np.isnan(figure) else float(figure) for figure in figures)
    return {"leader": ranking.leader, "value": value, "ci_low": low, "ci_high": high}


def _rankings(role: str, population: Population) -> Iterator[tuple[str, Ranking]]:
    titles = population.titles
    values = rating(titles)
    answered = rank(population, role, values)
    yield "as_answered", answered
    yield "adjusted", rank(population, role, over_peers(titles))
    for variant, chosen in (*_better_known(titles), ("no_outliers", usual(values))):
        yield variant, rank(population, role, np.where(chosen, values, np.nan))
    yield "min_titles_5", rank(population, role, values, fewest=5)
    yield "weighted_by_votes", rank(population, role, _by_votes(titles, values))
    yield "plain_mean", _unshrunk(answered, values)


def _by_votes(titles: Titles, values: Values) -> Values:
    """Each rating shrunk to the mean of all, which weighs as many votes as the median title has."""
    votes = titles["imdb_votes"] + titles["tmdb_votes"]
    known = ~np.isnan(values) & ~np.isnan(votes)
    if not known.any():
        return np.full(len(values), np.nan)
    typical, level = np.median(votes[known]), values[known].mean()
    shrunk: Values = (votes * values + typical * level) / (votes + typical)
    return shrunk


def _unshrunk(answered: Ranking, values: Values) -> Ranking:
    means = answered.sums(values) / answered.size
    unknown = np.full(len(means), np.nan)
    shrunk = replace(answered.shrunk, score=means, error=unknown)
    return replace(answered, shrunk=shrunk, order=np.argsort(-means.round(9), kind="stable"))
