"""Variants: each role's ranking with one choice made otherwise; is its leader still first?"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from datalake.questions.people.estimate import Ranking, over_peers, rank, rating
from datalake.questions.population import ROLES, Population
from datalake.questions.question import PersonName
from datalake.questions.sensitivity import ANSWERED, better_known, difference
from datalake.schemas.table import Row
from datalake.statistics.estimate import Values, number_or_null
from datalake.statistics.robust import within_fences

_TOP_TEN = 10


def vary(population: Population) -> Iterator[Row]:
    """One row per role × variant; agreeing is having the same leader."""
    for role in ROLES:
        yield from _compare(role, _rankings(role, population))


def _compare(role: str, rankings: Iterator[tuple[str, Ranking]]) -> Iterator[Row]:
    """One row per variant, the answer first; one that changes nothing is left out.

    So are all where the answer has no leader: there is nothing to change.
    """
    answer: Ranking | None = None
    for variant, ranking in rankings:
        if answer is None:
            answer = ranking
            top = set(answer.person[answer.order[:_TOP_TEN]].tolist())
        elif variant not in ANSWERED and (answer.leader is None or _is_same(ranking, answer)):
            continue
        yield {
            **{"subject": role, "variant": variant, "n": len(ranking.person)},
            **_leader(ranking),
            "moved": difference(_score(ranking), _score(answer)),
            "p": ranking.shrunk.p if variant in ANSWERED else None,
            "top_ten_kept": len(top & set(ranking.person[ranking.order[:_TOP_TEN]].tolist())),
            "agrees": ranking.leader == answer.leader if ranking.leader and answer.leader else None,
        }


def _is_same(ranking: Ranking, answer: Ranking) -> bool:
    """Whether the same people have the same scores, in the same order."""
    persons, scores = ranking.person[ranking.order], ranking.shrunk.score[ranking.order]
    return np.array_equal(persons, answer.person[answer.order]) and np.array_equal(
        scores.round(9), answer.shrunk.score[answer.order].round(9)
    )


def _score(ranking: Ranking) -> float | None:
    value: float | None = _leader(ranking)["value"]
    return value


def _leader(ranking: Ranking) -> Row:
    """Who is first, and their score."""
    if ranking.leader is None:
        return {"leader": None, "value": None, "ci_low": None, "ci_high": None}
    first, shrunk = ranking.order[0], ranking.shrunk
    return {
        "leader": PersonName(ranking.leader),
        "value": number_or_null(shrunk.score[first]),
        "ci_low": number_or_null(shrunk.low[first]),
        "ci_high": number_or_null(shrunk.high[first]),
    }


def _rankings(role: str, population: Population) -> Iterator[tuple[str, Ranking]]:
    titles = population.titles
    values = rating(population)
    answer = rank(population, role, values)
    yield "as_answered", answer
    yield "adjusted", rank(population, role, over_peers(titles, values))
    if population.has_tmdb:
        both = (titles["imdb_rating"] + titles["tmdb_rating"]) / 2
        yield "mean_of_both", rank(population, role, both)
    for variant, chosen in (*better_known(titles), ("no_outliers", within_fences(values))):
        yield variant, rank(population, role, np.where(chosen, values, np.nan))
    yield "min_works_5", rank(population, role, values, fewest=5)
    yield "each_title", rank(population, role, values, by_franchise=False)
    yield "weighted_by_votes", rank(population, role, _by_votes(population, values))
    yield "plain_mean", _unshrunk(answer)


def _by_votes(population: Population, values: Values) -> Values:
    """Each rating shrunk towards the mean of all, by its votes.

    The mean of all has the weight of the median title's votes.
    """
    titles = population.titles
    votes = titles["imdb_votes"] + (titles["tmdb_votes"] if population.has_tmdb else 0)
    rated = ~np.isnan(values) & ~np.isnan(votes)
    if not rated.any():
        return np.full(len(values), np.nan)
    median_votes, mean_rating = np.median(votes[rated]), values[rated].mean()
    shrunk: Values = (votes * values + median_votes * mean_rating) / (votes + median_votes)
    return shrunk


def _unshrunk(answer: Ranking) -> Ranking:
    unknown = np.full(len(answer.mean), np.nan)
    shrunk = replace(answer.shrunk, score=answer.mean, error=unknown)
    return replace(answer, shrunk=shrunk, order=np.argsort(-answer.mean.round(9), kind="stable"))
