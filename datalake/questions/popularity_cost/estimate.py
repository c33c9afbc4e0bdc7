"""Spearman's rank correlation of a film's budget with its popularity, and the partial one."""

from typing import Any

from datalake.questions.population import ALL, Population, Titles
from datalake.questions.strata import by_decade, by_first_reason
from datalake.statistics.correlation import Correlation, spearman
from datalake.statistics.estimate import Estimate, Mask

MEASURES = {"tmdb_popularity": "popularity", "imdb_votes": "imdb_votes"}
"""Each measure's column."""


def answer(population: Population) -> list[dict[str, Any]]:
    """One row per measure × genre × decade: Spearman's rho of budget (USD) and measure.

    Population: films in scope. A film is left out for the first reason that holds, so n and
    left_out add up to all films. TMDB keeps no budgets of series, so only films count.
    """
    films = population.titles.where(population.titles.of_kind("movie"))
    return [
        _row(measure, genre, decade, stratum, population.beyond_limit.get("movie", 0))
        for measure in MEASURES
        for genre in population.genres
        for decade, stratum in by_decade(films.where(films.of_genre(genre)))
    ]


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


def _row(
    measure: str, genre: str, decade: int | None, films: Titles, beyond_limit: int
) -> dict[str, Any]:
    counts, left_out = counted_films(films, measure)
    unadjusted, partial = correlate(films.where(counts), measure)
    rho, adjusted = (c.estimate() if c else Estimate() for c in (unadjusted, partial))
    if beyond_limit and genre == ALL and decade is None:
        left_out["beyond_sample"] = beyond_limit
    return {
        **{"measure": measure, "genre": genre, "decade": decade, "n": int(counts.sum())},
        **{"rho": rho.value, "ci_low": rho.low, "ci_high": rho.high},
        **{"adjusted": adjusted.value, "adjusted_low": adjusted.low},
        **{"adjusted_high": adjusted.high, "left_out": left_out},
        "adjusted_for": "year" if measure == "imdb_votes" else "votes_and_year",
    }
