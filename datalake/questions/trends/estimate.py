"""Yearly medians of film length and of episodes per season, their shape and overall slope."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from datalake.questions.population import Keys, Population, Titles
from datalake.questions.strata import by_first_reason
from datalake.statistics.estimate import Estimate, Mask, Values
from datalake.statistics.robust import codes, weighted_median
from datalake.statistics.segments import Shape, find_shape
from datalake.statistics.trend import slope_per_decade

FEWEST_A_YEAR = 5
"""A year with fewer films or seasons is shown, but left out of the trend."""

MEASURES = ("film_length", "episodes_per_season")

_NO_TREND: dict[str, Any] = {
    **dict.fromkeys(("trend", "ci_low", "ci_high", "adjusted_median")),
    **dict.fromkeys(("bends", "bends_low", "bends_high", "levels")),
    **dict.fromkeys(("slopes", "slopes_low", "slopes_high")),
    **dict.fromkeys(("adjusted_trend", "adjusted_low", "adjusted_high")),
}


@dataclass(frozen=True)
class Observations:
    """One element per film or season; `stratum` numbers its genres in scope × its fame.

    `passes` has, by reason for leaving some out, which observations count.
    """

    year: Values
    value: Values
    stratum: Keys
    passes: Mapping[str, Mask]

    def where(self, chosen: Mask) -> "Observations":
        """The chosen observations."""
        passes = {reason: passed[chosen] for reason, passed in self.passes.items()}
        return Observations(self.year[chosen], self.value[chosen], self.stratum[chosen], passes)


def answer(population: Population) -> list[dict[str, Any]]:
    """One row per measure × genre × year with median and quartiles, and one with the trend.

    Film length: minutes, films in scope, by year of release. Episodes per season: seasons of
    series in scope, specials left out, by the year the season began. Odd lengths stay in:
    medians bear them. n and left_out of a trend row add up to all films or seasons.
    """
    titles = population.titles
    return [
        {"measure": measure, "genre": genre} | row
        for measure in MEASURES
        for genre in population.genres
        for row in _rows(observations(population.where(titles.of_genre(genre)), measure))
    ]


def observations(population: Population, measure: str) -> Observations:
    """The observations of a measure: films in minutes, or seasons in episodes."""
    titles, seasons = population.titles, population.seasons
    if measure == "film_length":
        films = titles.where(titles.of_kind("movie"))
        minutes, passes = films["runtime_minutes"], {"no_runtime": films["runtime_minutes"] > 0}
        return Observations(films["start_year"], minutes, _strata(films), passes)
    passes = {"special": ~seasons.special, "no_episodes": seasons.episodes > 0}
    strata = _strata(titles)[seasons.title]
    return Observations(seasons.year, seasons.episodes, strata, passes)


def _strata(titles: Titles) -> Keys:
    return codes(titles.genres.astype(str), titles.fame)


def in_trend(observed: Observations) -> tuple[Observations, dict[str, int]]:
    """The observations that the trend is drawn through, and how many aren't, by reason."""
    measured, _ = by_first_reason(observed.passes, len(observed.year))
    _, index = np.unique(observed.year, return_inverse=True)
    year_size = np.bincount(index, weights=measured.astype(float))[index]
    passes = {
        **observed.passes,
        "no_year": ~np.isnan(observed.year),
        f"year_under_{FEWEST_A_YEAR}": year_size >= FEWEST_A_YEAR,
    }
    is_counted, left_out = by_first_reason(passes, len(observed.year))
    return observed.where(is_counted), left_out


def by_year(observed: Observations) -> Iterator[tuple[int, Observations]]:
    """Each year's films or seasons, in order."""
    for year in np.unique(observed.year[~np.isnan(observed.year)]):
        yield int(year), observed.where(observed.year == year)


def yearly_medians(observed: Observations) -> dict[int, float]:
    """Each year's median."""
    return {year: float(np.median(in_year.value)) for year, in_year in by_year(observed)}


def adjusted_medians(observed: Observations) -> dict[int, float]:
    """Each year's median, standardised to the strata of all years (direct standardisation)."""
    shares = np.bincount(observed.stratum) / max(len(observed.stratum), 1)
    return {year: _standardised_median(in_year, shares) for year, in_year in by_year(observed)}


def _standardised_median(in_year: Observations, shares: Values) -> float:
    """The median weighted so that each stratum has its share of all years.

    The shares of strata that the year lacks go to the others in proportion.
    """
    size = np.bincount(in_year.stratum, minlength=len(shares))
    return weighted_median(in_year.value, (shares / np.maximum(size, 1))[in_year.stratum])


def _rows(observed: Observations) -> Iterator[dict[str, Any]]:
    trend, left_out = in_trend(observed)
    adjusted = adjusted_medians(trend)
    for year, in_year in by_year(observed):
        is_counted, excluded = by_first_reason(in_year.passes, len(in_year.year))
        row = {"year": year, **_quartiles(in_year.value[is_counted]), "left_out": excluded}
        yield _NO_TREND | row | {"adjusted_median": adjusted.get(year)}
    if len(observed.year):
        medians = yearly_medians(trend)
        fitted = shape(medians)
        unadjusted, standardised = slope(medians, fitted), slope(adjusted, shape(adjusted))
        yield _NO_TREND | {
            **{"year": None, **_quartiles(trend.value), "left_out": left_out},
            **{"trend": unadjusted.value, "ci_low": unadjusted.low, "ci_high": unadjusted.high},
            **{"adjusted_trend": standardised.value, "adjusted_low": standardised.low},
            "adjusted_high": standardised.high,
            **_shape_columns(fitted),
        }


def shape(yearly: Mapping[int, float]) -> Shape | None:
    """The line with bends through yearly figures; null under ten years."""
    years = np.array(list(yearly), dtype=float)
    return find_shape(years, np.array(list(yearly.values()), dtype=float))


def slope(yearly: Mapping[int, float], fitted: Shape | None) -> Estimate:
    """The Theil-Sen slope of yearly figures of that shape, per decade."""
    years = np.array(list(yearly), dtype=float)
    bends = fitted.bend_years if fitted else []
    return slope_per_decade(years, np.array(list(yearly.values()), dtype=float), bends)


def _shape_columns(fitted: Shape | None) -> dict[str, Any]:
    if fitted is None:
        return {}
    bends, slopes = fitted.bends, fitted.slopes
    return {
        "bends": [_year(bend.value) for bend in bends],
        "bends_low": [_year(bend.low) for bend in bends],
        "bends_high": [_year(bend.high) for bend in bends],
        "levels": [round(level, 9) for level in fitted.levels],
        "slopes": [_rounded(slope.value) for slope in slopes],
        "slopes_low": [_rounded(slope.low) for slope in slopes],
        "slopes_high": [_rounded(slope.high) for slope in slopes],
    }


def _year(value: float | None) -> int:
    return int(value or 0)


def _rounded(value: float | None) -> float:
    return round(value or 0.0, 9)


def _quartiles(values: Values) -> dict[str, Any]:
    if not len(values):
        return {"n": 0, "median": None, "q1": None, "q3": None}
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75]).tolist()
    return {"n": len(values), "median": median, "q1": q1, "q3": q3}
