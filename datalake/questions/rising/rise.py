"""What titles gained between two loads, beyond what others of their size and age gained."""

from dataclasses import dataclass

import numpy as np

from datalake.questions.loads import Load, day_near_span
from datalake.questions.population import Keys, Population, Titles
from datalake.statistics.correlation import Correlation, spearman
from datalake.statistics.distributions import normal_tail
from datalake.statistics.estimate import NORMAL_95, Estimate, Mask, Values
from datalake.statistics.growth import Growth, growth_of_counts, growth_of_levels
from datalake.statistics.many import holm

KINDS = ("movie", "series")
RATINGS = {"imdb_votes": "imdb_rating", "popularity": "tmdb_rating"}
"""Each measure, and the rating whose correlation with its growth is tested."""

FETCHES = {"imdb_votes": "imdb_day", "popularity": "fetched_at"}
"""Each measure, and the day on which it was fetched."""

LISTED = 10
FEWEST_VOTES = 100
CERTAIN = 0.05
TOP = 0.1
_MONTH = 30.0


@dataclass(frozen=True)
class Rise:
    """One kind's titles that count in a measure between two loads, and what they gained.

    `index` are their places in the population. `growth` is null where there are too few peers.
    """

    index: Keys
    before: Values
    after: Values
    days: Values
    age: Values
    rating: Values
    year: Values
    growth: Growth | None
    holm: Values

    @property
    def per_day(self) -> Values:
        """What each gained a day."""
        return (self.after - self.before) / self.days

    @property
    def order(self) -> Keys:
        """Places in this rise, the farthest above its peers first; empty without growth."""
        return np.argsort(-self.growth.z, kind="stable") if self.growth else np.zeros(0, np.int64)

    @property
    def is_top(self) -> Mask:
        """Which are of the tenth that rose most."""
        top = np.full(len(self.index), False)
        top[self.order[: round(TOP * len(self.index))]] = True
        return top


def earlier_load(population: Population, span: int) -> Load | None:
    """The load near so many days before the newest."""
    by_day = {load.day: load for load in population.loads}
    if not by_day:
        return None
    day = day_near_span(by_day, population.loads[0].day, span)
    return by_day[day] if day else None


def conditions(
    titles: Titles, newest: Load, earlier: Load, measure: str, span: int
) -> dict[str, Mask]:
    """By reason to leave titles out: which titles pass."""
    between = newest[FETCHES[measure]] - earlier[FETCHES[measure]]
    level = 0 if measure == "imdb_votes" else 1e-9
    return {
        "new": earlier.has_title,
        "not_fetched_anew": between >= span / 2,
        "no_figure": (newest[measure] >= level) & (earlier[measure] >= level),
        "few_votes": earlier["imdb_votes"] >= FEWEST_VOTES,
        "no_year": titles.known("start_year") & (titles["start_year"] <= newest.day.year),
    }


def measure_rise(
    population: Population, earlier: Load, measure: str, chosen: Mask, year: int
) -> Rise:
    """What the chosen titles gained, beyond what others of their size and age gained."""
    newest, (index,) = population.loads[0], np.nonzero(chosen)
    before, after = earlier[measure][index], newest[measure][index]
    days = (newest[FETCHES[measure]] - earlier[FETCHES[measure]])[index]
    start = population.titles["start_year"][index]
    age, size = np.log(year - start + 1), np.log(before)
    if measure == "imdb_votes":
        gained = np.maximum(after - before, 0)  # IMDb takes votes away, too
        growth = growth_of_counts(gained, size, size**2, age)
    else:
        growth = growth_of_levels(np.log(after / before) * _MONTH / days, size, age)
    corrected = holm(normal_tail(growth.z).tolist()) if growth else np.full(len(index), np.nan)
    rating = earlier[RATINGS[measure]][index]
    return Rise(
        index, before, after, days, age, rating, start, growth, np.array(corrected, dtype=float)
    )


def rating_correlation(
    rise: Rise, chosen: Mask, controls: tuple[int, ...] = ()
) -> Correlation | None:
    """The rank correlation of the earlier rating with what was gained a day since.

    `controls` of the partial correlation: 2, the earlier size; 3, the year.
    """
    known = chosen & ~np.isnan(rise.rating)
    columns = (rise.rating, rise.per_day, rise.before, rise.year)
    return spearman(*(column[known] for column in columns)).between(0, 1, controls)


def top_share(rise: Rise, chosen: Mask) -> Estimate:
    """The share of the chosen among the tenth of their kind that rose most; Wilson's interval."""
    n = int(chosen.sum())
    if not n or not rise.growth:
        return Estimate()
    share, square = float(rise.is_top[chosen].mean()), NORMAL_95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = NORMAL_95 * float(np.sqrt(share * (1 - share) / n + square / (4 * n * n)))
    half /= 1 + square / n
    # By rounding an end may lie a hair beyond what a share can be.
    return Estimate(share, max(middle - half, 0.0), min(middle + half, 1.0))


def expected_per_day(rise: Rise) -> Values:
    """What size and age predict, per day, in the measure's own unit."""
    if rise.growth is None:
        return np.full(len(rise.index), np.nan)
    if np.isnan(rise.growth.low).all():  # of a level: so many times as high in a month
        factor = rise.growth.expected ** (rise.days / _MONTH)
        return rise.before * (factor - 1) / rise.days
    return rise.growth.expected / rise.days
