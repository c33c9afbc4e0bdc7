"""Q3: how do film lengths and seasons change over the years?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from datalake.questions.population import Keys, Population, Titles
from datalake.questions.strata import by_first_reason
from datalake.statistics.estimate import Estimate, Mask, Values
from datalake.statistics.robust import codes, weighted_median
from datalake.statistics.trend import slope_per_decade

FEWEST_A_YEAR = 5
"""A year with fewer films or seasons is shown, and stays out of the trend."""

MEASURES = ("film_length", "episodes_per_season")


@dataclass(frozen=True)
class Seen:
    """One place per film or season; `mix` numbers its genres in scope and its fame.

    `passes` tells, reason by reason, which have a value.
    """

    year: Values
    value: Values
    mix: Keys
    passes: dict[str, Mask]

    def where(self, chosen: Mask) -> "Seen":
        """The chosen ones."""
        passes = {reason: passed[chosen] for reason, passed in self.passes.items()}
        return Seen(self.year[chosen], self.value[chosen], self.mix[chosen], passes)


def trends(population: Population) -> list[dict[str, Any]]:
    """One row per measure × genre × year with median and quartiles, and one with the trend.

    Film length: minutes, films in scope, by year of release. Episodes per season: seasons of
    series in scope, specials left out, by the year the season began. Odd lengths stay in:
    medians bear them. n and left_out of a trend row add up to all films or seasons.
    """
    rows = []
    for measure in MEASURES:
        for genre in population.genres:
            titles = population.titles
            part = population.where(titles.of_genre(genre))
            rows += [{"measure": measure, "genre": genre} | row for row in _rows(part, measure)]
    return rows


def seen(population: Population, measure: str) -> Seen:
    """What the question looks at: films, or seasons."""
    titles, seasons = population.titles, population.seasons
    if measure == "film_length":
        films = titles.where(titles.of_kind("movie"))
        minutes = films["runtime_minutes"]
        return Seen(films["start_year"], minutes, _mix(films), {"no_runtime": minutes > 0})
    passes = {"special": ~seasons.special, "no_episodes": seasons.episodes > 0}
    return Seen(seasons.year, seasons.episodes, _mix(titles)[seasons.title], passes)


def _mix(titles: Titles) -> Keys:
    return codes(titles.genres.astype(str), titles.fame)


def in_trend(all_seen: Seen) -> tuple[Seen, dict[str, int]]:
    """What the trend is drawn through, and how much isn't, by reason."""
    measured, _ = by_first_reason(all_seen.passes, len(all_seen.year))
    _, place = np.unique(all_seen.year, return_inverse=True)
    of_year = np.bincount(place, weights=measured.astype(float))[place]
    passes = all_seen.passes | {
        "no_year": ~np.isnan(all_seen.year),
        f"year_under_{FEWEST_A_YEAR}": of_year >= FEWEST_A_YEAR,
    }
    counts, left_out = by_first_reason(passes, len(all_seen.year))
    return all_seen.where(counts), left_out


def yearly(counted: Seen) -> Iterator[tuple[int, Seen]]:
    """Each year's films or seasons, in order."""
    for year in np.unique(counted.year[~np.isnan(counted.year)]):
        yield int(year), counted.where(counted.year == year)


def adjusted_median(of_year: Seen, shares: Values) -> float:
    """The median if each mix had its share of all years: what a year lacks, the others fill."""
    size = np.bincount(of_year.mix, minlength=len(shares))
    return weighted_median(of_year.value, (shares / np.maximum(size, 1))[of_year.mix])


def slope(medians: dict[int, float]) -> Estimate:
    """The trend of yearly figures, per decade."""
    years = np.array(list(medians), dtype=float)
    return slope_per_decade(years, np.array(list(medians.values()), dtype=float))


def adjusted_medians(trend: Seen) -> dict[int, float]:
    """Each year's median at the mix of all years."""
    shares = np.bincount(trend.mix) / max(len(trend.mix), 1)
    return {year: adjusted_median(of_year, shares) for year, of_year in yearly(trend)}


def _rows(part: Population, measure: str) -> Iterator[dict[str, Any]]:
    all_seen = seen(part, measure)
    trend, left_out = in_trend(all_seen)
    adjusted = adjusted_medians(trend)
    nothing = {"adjusted_median": None, "trend": None, "ci_low": None, "ci_high": None}
    nothing |= {"adjusted_trend": None, "adjusted_low": None, "adjusted_high": None}
    medians: dict[int, float] = {}
    for year, of_year in yearly(all_seen):
        counts, without = by_first_reason(of_year.passes, len(of_year.year))
        row = {"year": year, **_summary(of_year.value[counts]), "left_out": without}
        yield nothing | row | {"adjusted_median": adjusted.get(year)}
        if year in adjusted:
            medians[year] = row["median"]
    if len(all_seen.year):
        plain, fair = slope(medians), slope(adjusted)
        yield nothing | {
            **{"year": None, **_summary(trend.value), "left_out": left_out},
            **{"trend": plain.value, "ci_low": plain.low, "ci_high": plain.high},
            **{"adjusted_trend": fair.value, "adjusted_low": fair.low},
            "adjusted_high": fair.high,
        }


def _summary(values: Values) -> dict[str, Any]:
    if not len(values):
        return {"n": 0, "median": None, "q1": None, "q3": None}
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75]).tolist()
    return {"n": len(values), "median": median, "q1": q1, "q3": q3}
