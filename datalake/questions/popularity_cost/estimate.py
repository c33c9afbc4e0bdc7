"""A film's budget against popularity, votes and return: rank correlations and plain medians."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from datalake.questions.population import ALL, Population, Titles
from datalake.questions.strata import by_decade, by_first_reason
from datalake.statistics.correlation import (
    Correlation,
    change_per_step,
    difference_of_independent,
    spearman,
)
from datalake.statistics.estimate import FEWEST, Estimate, Mask, Values, number_or_null

MEASURES = {"tmdb_popularity": "popularity", "imdb_votes": "imdb_votes", "return": "return"}
"""Each measure's column."""


@dataclass(frozen=True)
class Stratum:
    """Films of a genre and decade (null: all), those that count, and their correlations."""

    measure: str
    genre: str
    decade: int | None
    films: Titles
    counted: Titles
    left_out: dict[str, int]
    unadjusted: Correlation | None
    partial: Correlation | None


def answer(population: Population) -> list[dict[str, Any]]:
    """One row per measure × genre × decade: Spearman's rho of budget (USD) and measure.

    Population: films in scope. A film is left out for the first reason that holds, so n and
    left_out add up to all films. TMDB keeps no budgets of series, so only films count. `return` is
    revenue over budget.
    """
    return [row for measure in MEASURES for row in _rows(population, measure)]


def _rows(population: Population, measure: str) -> Iterator[dict[str, Any]]:
    films = population.titles.where(population.titles.of_kind("movie"))
    beyond_limit = population.beyond_limit.get("movie", 0)
    for genre in population.genres:
        of_genre = films.of_genre(genre)
        strata = [
            stratum(measure, genre, decade, part)
            for decade, part in by_decade(films.where(of_genre))
        ]
        others = stratum(measure, genre, None, films.where(~of_genre))
        over_all, *decades = strata
        if beyond_limit and genre == ALL:
            over_all = replace(
                over_all, left_out=over_all.left_out | {"beyond_sample": beyond_limit}
            )
        yield _row(over_all, per_decade(decades), over_others(over_all, others))
        yield from (_row(part, Estimate(), Estimate()) for part in decades)


def stratum(measure: str, genre: str, decade: int | None, films: Titles) -> Stratum:
    """The stratum of these films: which of them count, and their correlations."""
    is_counted, left_out = counted_films(films, measure)
    counted = films.where(is_counted)
    correlations = correlate(counted, measure)
    return Stratum(measure, genre, decade, films, counted, left_out, *correlations)


def counted_films(films: Titles, measure: str) -> tuple[Mask, dict[str, int]]:
    """Which films count, and how many don't by reason."""
    reasons = {
        "no_tmdb": films.known("tmdb_id"),
        "no_budget": films.known("budget"),
        "no_measure": films.known(MEASURES[measure]),
        "no_year": films.known("start_year"),
    }
    return by_first_reason(reasons, len(films))


def correlate(films: Titles, measure: str) -> tuple[Correlation | None, Correlation | None]:
    """Correlation of budget and measure, and their partial correlation.

    It holds the year constant and, where they are not the measure itself, the IMDb votes.
    """
    columns = ("budget", MEASURES[measure], "start_year", "imdb_votes")
    correlations = spearman(*(films[column] for column in columns))
    controls = (2,) if measure == "imdb_votes" else (2, 3)
    return correlations.between(0, 1), correlations.between(0, 1, controls)


def per_decade(decades: Sequence[Stratum]) -> Estimate:
    """The change of the correlation per decade, in Fisher's z; null under three decades."""
    known = {s.decade / 10: s.unadjusted for s in decades if s.decade and s.unadjusted}
    return change_per_step(list(known), list(known.values()))


def over_others(genre: Stratum, others: Stratum) -> Estimate:
    """The correlation less that of all films in scope without the genre, in Fisher's z."""
    if genre.unadjusted is None or others.unadjusted is None:
        return Estimate()
    return difference_of_independent(genre.unadjusted, others.unadjusted)


def _row(part: Stratum, change: Estimate, lead: Estimate) -> dict[str, Any]:
    rho, adjusted = (c.estimate() if c else Estimate() for c in (part.unadjusted, part.partial))
    return {
        **{"measure": part.measure, "genre": part.genre, "decade": part.decade},
        **{"n": len(part.counted), "rho": rho.value, "ci_low": rho.low, "ci_high": rho.high},
        **{"adjusted": adjusted.value, "adjusted_low": adjusted.low},
        **{"adjusted_high": adjusted.high},
        "adjusted_for": "year" if part.measure == "imdb_votes" else "votes_and_year",
        **_by_quarter(part),
        **{"per_decade": change.value, "per_decade_low": change.low},
        **{"per_decade_high": change.high},
        **{"over_others": lead.value, "over_others_low": lead.low, "over_others_high": lead.high},
        **_votes(part),
        "left_out": part.left_out,
    }


def _by_quarter(part: Stratum) -> dict[str, float | None]:
    """Medians of the measure in the cheapest and the dearest quarter, and the share with a loss."""
    budget, measured = part.counted["budget"], part.counted[MEASURES[part.measure]]
    names = ("cheapest_median", "dearest_median", "lost")
    if len(budget) < FEWEST:
        return dict.fromkeys(names)
    low, high = np.quantile(budget, [0.25, 0.75])
    cheapest, dearest = (_median(measured[chosen]) for chosen in (budget <= low, budget >= high))
    lost = float((measured < 1).mean()) if part.measure == "return" else None
    return dict(zip(names, (cheapest, dearest, lost), strict=True))


def _votes(part: Stratum) -> dict[str, float | None]:
    """How well known the films are that have a budget, and those that have none."""
    votes, has_budget = part.films["imdb_votes"], part.films.known("budget")
    return {
        "votes_with_budget": _median(votes[has_budget]),
        "votes_without": _median(votes[~has_budget]),
    }


def _median(values: Values) -> float | None:
    known = values[~np.isnan(values)]
    return number_or_null(np.median(known)) if len(known) else None
