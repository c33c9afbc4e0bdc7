"""Each site's rating: its correlation with success, which one's is closer, and its predictions."""

from typing import Any

import numpy as np

from datalake.questions.population import ALL, Population, Titles
from datalake.questions.ratings.units import by_quarter
from datalake.questions.strata import by_decade, by_first_reason
from datalake.statistics.correlation import Correlation, spearman
from datalake.statistics.distributions import mid_ranks
from datalake.statistics.estimate import Estimate, Mask, Values
from datalake.statistics.prediction import Prediction, predict
from datalake.statistics.robust import codes, logs
from datalake.statistics.survival import concordance

OUTCOMES = {
    "movie": ("return", "popularity", "votes"),
    "series": ("longevity", "seasons", "episodes"),
}
"""What success is, by kind of title. Films have no longevity: they come out once."""

SITES = ("imdb", "tmdb")

Pair = tuple[Correlation, Correlation]
"""The outcome with IMDb's rating, and with TMDB's."""

_VERDICTS = {1: "imdb", -1: "tmdb", 0: "no_difference"}


def answer(population: Population) -> list[dict[str, Any]]:
    """One row per kind × genre × decade × outcome: how each rating correlates with it.

    Population: titles in scope of that kind; n and left_out add up to all of them. Both ratings
    are compared on the same titles. `return` is revenue over budget. `votes` is a film's rank by
    IMDb votes plus its rank by TMDB votes: either source's own votes would favour that source's
    rating. Popularity has no such twin: it is TMDB's alone. `longevity` is years on air, where
    series that still run have no end yet.
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
    measures = {"votes": (), "longevity": ("years_on_air", "ended")}
    reasons = {
        "no_both_ratings": titles.known("imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes"),
        "no_outcome": titles.known(*measures.get(outcome, (outcome,))),
        "no_year": titles.known("start_year"),
    }
    return by_first_reason(reasons, len(titles))


def success(titles: Titles, outcome: str) -> Values:
    """The outcome of titles that have it."""
    if outcome == "longevity":
        return titles["years_on_air"]
    return _votes(titles) if outcome == "votes" else titles[outcome]


def _votes(titles: Titles) -> Values:
    ranks = (mid_ranks(titles[votes]) for votes in ("imdb_votes", "tmdb_votes"))
    return sum(ranks, start=titles["imdb_votes"] * 0)


def ratings(titles: Titles) -> tuple[Values, Values]:
    """Both ratings: IMDb's, and TMDB's."""
    return titles["imdb_rating"], titles["tmdb_rating"]


def relate(titles: Titles, outcome: str, adjusted: bool = False) -> Pair | None:
    """Both ratings' rank correlation with the outcome; null where either is unknown.

    For longevity it is Somers' D. Adjusted: the partial correlation given year and fame (votes:
    the year alone); for longevity, Somers' D within decades and classes of fame.
    """
    if outcome == "longevity":
        over = titles["ended"] == 1
        stratum = codes(titles["decade"], titles.fame) if adjusted else None
        pair = [concordance(titles["years_on_air"], over, r, stratum) for r in ratings(titles)]
    else:
        columns = (success(titles, outcome), *ratings(titles), titles["start_year"], _votes(titles))
        correlations = spearman(*columns)
        controls = ((3,) if outcome == "votes" else (3, 4)) if adjusted else ()
        pair = [correlations.between(0, site, controls) for site in (1, 2)]
    imdb, tmdb = pair
    return (imdb, tmdb) if imdb and tmdb else None


def verdict(imdb: Estimate, tmdb: Estimate, lead: Estimate) -> str | None:
    """Whose rating goes with the outcome more closely, if the interval excludes 0.

    `neither` where no rating certainly rises with it: what falls as ratings rise is no prediction.
    """
    if lead.direction is None:
        return None
    rises = 1 in (imdb.direction, tmdb.direction)
    return _VERDICTS[lead.direction] if rises else "neither"


def predictions(titles: Titles, outcome: str) -> dict[str, Prediction | None]:
    """Predictions of the outcome's logarithm by IMDb's rating, TMDB's, and both.

    Votes are those of both sites. Longevity, which may not be over, has none.
    """
    if outcome == "longevity":
        return dict.fromkeys((*SITES, "both"))
    if outcome == "votes":
        outcome_logs = logs(titles["imdb_votes"]) + logs(titles["tmdb_votes"])
    else:
        outcome_logs = logs(titles[outcome])
    is_known = ~np.isnan(outcome_logs)
    imdb, tmdb = (rating[is_known] for rating in ratings(titles))
    predicted = {"imdb": (imdb,), "tmdb": (tmdb,), "both": (imdb, tmdb)}
    return {
        name: predict(outcome_logs[is_known], *predictors) for name, predictors in predicted.items()
    }


def _row(
    key: tuple[str, str, int | None, str], titles: Titles, beyond_limit: int
) -> dict[str, Any]:
    kind, genre, decade, outcome = key
    is_counted, left_out = counted_titles(titles, outcome)
    if beyond_limit and genre == ALL and decade is None:
        left_out["beyond_sample"] = beyond_limit
    counted = titles.where(is_counted)
    imdb, tmdb, lead = _estimates(relate(counted, outcome))
    adjusted = _estimates(relate(counted, outcome, adjusted=True))
    return {
        **{"kind": kind, "genre": genre, "decade": decade, "outcome": outcome},
        **{"n": len(counted), "left_out": left_out},
        **{"rho_imdb": imdb.value, "imdb_low": imdb.low, "imdb_high": imdb.high},
        **{"rho_tmdb": tmdb.value, "tmdb_low": tmdb.low, "tmdb_high": tmdb.high},
        **{"difference": lead.value, "ci_low": lead.low, "ci_high": lead.high},
        **{"verdict": verdict(imdb, tmdb, lead)},
        **{"adjusted_imdb": adjusted[0].value, "adjusted_tmdb": adjusted[1].value},
        **{"adjusted_difference": adjusted[2].value, "adjusted_low": adjusted[2].low},
        **{"adjusted_high": adjusted[2].high, "adjusted_verdict": verdict(*adjusted)},
        "adjusted_for": _ADJUSTED_FOR.get(outcome, "votes_and_year"),
        **by_quarter(counted, outcome),
        **_skills(counted, outcome),
        "ratings_alike": _ratings_correlation(counted),
    }


_ADJUSTED_FOR = {"votes": "year", "longevity": "fame_and_decade"}


def _estimates(pair: Pair | None) -> tuple[Estimate, Estimate, Estimate]:
    if pair is None:
        return Estimate(), Estimate(), Estimate()
    return pair[0].estimate(), pair[1].estimate(), pair[0].lead_over(pair[1])


def _skills(titles: Titles, outcome: str) -> dict[str, float | None]:
    """The skill out of sample of each rating and of both, and the gain of both over the better."""
    predicted = predictions(titles, outcome)
    imdb, tmdb, both = predicted["imdb"], predicted["tmdb"], predicted["both"]
    if not (imdb and tmdb and both):
        return dict.fromkeys(_SKILLS)
    skill, gain = both.estimate(), both.gain_over(max(imdb, tmdb, key=_skill))
    figures = (imdb.skill, tmdb.skill, skill.value, skill.low, skill.high)
    return dict(zip(_SKILLS, (*figures, gain.value, gain.low, gain.high), strict=True))


_SKILLS = (
    *("skill_imdb", "skill_tmdb", "skill_both", "skill_low", "skill_high"),
    *("gain", "gain_low", "gain_high"),
)


def _skill(prediction: Prediction) -> float:
    return prediction.skill


def _ratings_correlation(titles: Titles) -> float | None:
    """The rank correlation of the two ratings."""
    correlation = spearman(*ratings(titles)).between(0, 1)
    return correlation.value if correlation else None
