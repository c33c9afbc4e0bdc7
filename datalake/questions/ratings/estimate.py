"""Each site's rating: its rank correlation with success, and the difference of the two."""

from typing import Any

from scipy import stats

from datalake.questions.population import ALL, Population, Titles
from datalake.questions.strata import by_decade, by_first_reason
from datalake.statistics.correlation import Correlation, Correlations, spearman
from datalake.statistics.estimate import Estimate, Mask, Values

OUTCOMES = {
    "movie": ("return", "popularity", "votes"),
    "series": ("years_on_air", "seasons", "episodes"),
}
"""What success is, by kind of title."""

_VERDICTS = {1: "imdb", -1: "tmdb", 0: "no_difference", None: None}


def answer(population: Population) -> list[dict[str, Any]]:
    """One row per kind × genre × decade × outcome: each rating's rank correlation with it.

    Population: titles in scope of that kind; n and left_out add up to all of them. Both ratings
    are compared on the same titles. `return` is revenue over budget. `votes` is a film's rank by
    IMDb votes plus its rank by TMDB votes: either source's own votes would favour that source's
    rating. Popularity has no such twin: it is TMDB's alone.
    """
    titles = population.titles
    return [
        _row((kind, genre, decade, outcome), stratum, population.beyond_limit.get(kind, 0))
        for kind, outcomes in OUTCOMES.items()
        for genre in population.genres
        for decade, stratum in by_decade(
            titles.where(titles.of_kind(kind) & titles.of_genre(genre))
        )
        for outcome in outcomes
    ]


def counted_titles(titles: Titles, outcome: str) -> tuple[Mask, dict[str, int]]:
    """Which titles count, and how many don't by reason."""
    measures = {"return": ("budget", "revenue"), "votes": ()}
    reasons = {
        "no_both_ratings": titles.known("imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes"),
        "no_outcome": titles.known(*measures.get(outcome, (outcome,))),
        "no_year": titles.known("start_year"),
    }
    return by_first_reason(reasons, len(titles))


def success(titles: Titles, outcome: str) -> Values:
    """The outcome of titles that have it."""
    if outcome == "return":
        return titles["revenue"] / titles["budget"]
    return _votes(titles) if outcome == "votes" else titles[outcome]


def _votes(titles: Titles) -> Values:
    ranks = (stats.rankdata(titles[votes]) for votes in ("imdb_votes", "tmdb_votes"))
    return sum(ranks, start=titles["imdb_votes"] * 0)


def with_outcome(
    correlations: Correlations, controls: tuple[int, ...] = ()
) -> tuple[Correlation, Correlation] | None:
    """Column 0, the outcome, with columns 1 and 2, the ratings; null where either is unknown."""
    imdb, tmdb = correlations.between(0, 1, controls), correlations.between(0, 2, controls)
    return (imdb, tmdb) if imdb and tmdb else None


def correlate(titles: Titles, outcome: str) -> Correlations:
    """Rank correlations of outcome, both ratings, year, and fame by both sites' votes."""
    ratings = (titles["imdb_rating"], titles["tmdb_rating"])
    return spearman(success(titles, outcome), *ratings, titles["start_year"], _votes(titles))


def controls(outcome: str) -> tuple[int, ...]:
    """The columns that stand for year and fame; votes can't be adjusted for votes."""
    return (3,) if outcome == "votes" else (3, 4)


def verdict(lead: Estimate) -> str | None:
    """Whose rating goes with the outcome more closely, if the interval leaves 0 out."""
    return _VERDICTS[lead.direction]


def _row(
    key: tuple[str, str, int | None, str], titles: Titles, beyond_limit: int
) -> dict[str, Any]:
    kind, genre, decade, outcome = key
    counts, left_out = counted_titles(titles, outcome)
    if beyond_limit and genre == ALL and decade is None:
        left_out["beyond_sample"] = beyond_limit
    correlations = correlate(titles.where(counts), outcome)
    imdb, tmdb, lead = _estimates(with_outcome(correlations))
    adjusted = _estimates(with_outcome(correlations, controls(outcome)))
    return {
        **{"kind": kind, "genre": genre, "decade": decade, "outcome": outcome},
        **{"n": int(counts.sum()), "left_out": left_out},
        **{"rho_imdb": imdb.value, "imdb_low": imdb.low, "imdb_high": imdb.high},
        **{"rho_tmdb": tmdb.value, "tmdb_low": tmdb.low, "tmdb_high": tmdb.high},
        **{"difference": lead.value, "ci_low": lead.low, "ci_high": lead.high},
        **{"adjusted_imdb": adjusted[0].value, "adjusted_tmdb": adjusted[1].value},
        **{"adjusted_difference": adjusted[2].value, "adjusted_low": adjusted[2].low},
        **{"adjusted_high": adjusted[2].high, "adjusted_verdict": verdict(adjusted[2])},
        **{"verdict": verdict(lead)},
        "adjusted_for": "year" if outcome == "votes" else "votes_and_year",
    }


def _estimates(
    pair: tuple[Correlation, Correlation] | None,
) -> tuple[Estimate, Estimate, Estimate]:
    if pair is None:
        return Estimate(), Estimate(), Estimate()
    return pair[0].estimate(), pair[1].estimate(), pair[0].lead_over(pair[1])
