"""Who gains more than size and age predict, between two loads; and whether ratings foretold it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from datalake.questions.loads import SPANS, Load, day_before
from datalake.questions.population import ALL, Keys, Population, Titles
from datalake.questions.strata import by_first_reason
from datalake.statistics.correlation import Correlation, spearman
from datalake.statistics.estimate import NORMAL_95, Estimate, Mask, Values, number_or_null
from datalake.statistics.growth import Growth, growth_of_counts, growth_of_levels
from datalake.statistics.many import holm

KINDS = ("movie", "series")
RATINGS = {"imdb_votes": "imdb_rating", "popularity": "tmdb_rating"}
"""Each measure, and the rating that may have foretold it."""

FETCHES = {"imdb_votes": "imdb_day", "popularity": "fetched_at"}
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


def answer(population: Population) -> list[dict[str, Any]]:
    """One row per span × measure × kind × genre × place, or one without place where none is ranked.

    Population: titles in scope of that kind. The baseline is of the whole kind, so that a genre can
    differ from it.
    """
    return [
        row
        for span in sorted(SPANS)
        for measure in RATINGS
        for kind in KINDS
        for row in _rows(population, span, measure, kind)
    ]


def earlier_load(population: Population, span: int) -> Load | None:
    """The load near so many days before the newest."""
    by_day = {load.day: load for load in population.loads}
    if not by_day:
        return None
    day = day_before(by_day, population.loads[0].day, span)
    return by_day[day] if day else None


def reasons(titles: Titles, now: Load, then: Load, measure: str, span: int) -> dict[str, Mask]:
    """Who counts, reason by reason."""
    between = now[FETCHES[measure]] - then[FETCHES[measure]]
    level = 0 if measure == "imdb_votes" else 1e-9
    return {
        "new": then.has,
        "not_fetched_anew": between >= span / 2,
        "no_figure": (now[measure] >= level) & (then[measure] >= level),
        "few_votes": then["imdb_votes"] >= FEWEST_VOTES,
        "no_year": titles.known("start_year") & (titles["start_year"] <= now.day.year),
    }


def measure_rise(population: Population, then: Load, measure: str, chosen: Mask, year: int) -> Rise:
    """What the chosen titles gained, beyond what others of their size and age gained."""
    now, (index,) = population.loads[0], np.nonzero(chosen)
    before, after = then[measure][index], now[measure][index]
    days = (now[FETCHES[measure]] - then[FETCHES[measure]])[index]
    start = population.titles["start_year"][index]
    age = np.log(year - start + 1)
    if measure == "imdb_votes":
        size = np.log(before)
        gained = np.maximum(after - before, 0)  # IMDb takes votes away, too
        growth = growth_of_counts(gained, size, size**2, age)
    else:
        size = np.log(before)
        growth = growth_of_levels(np.log(after / before) * _MONTH / days, size, age)
    corrected = holm(stats.norm.sf(growth.z).tolist()) if growth else np.full(len(index), np.nan)
    rating = then[RATINGS[measure]][index]
    return Rise(
        index, before, after, days, age, rating, start, growth, np.array(corrected, dtype=float)
    )


def foretold(rise: Rise, chosen: Mask, controls: tuple[int, ...] = ()) -> Correlation | None:
    """Of the rating then with what was gained a day since; controls: 2, size then; 3, year."""
    known = chosen & ~np.isnan(rise.rating)
    columns = (rise.rating, rise.per_day, rise.before, rise.year)
    return spearman(*(column[known] for column in columns)).between(0, 1, controls)


def _rows(population: Population, span: int, measure: str, kind: str) -> Iterator[dict[str, Any]]:
    then = earlier_load(population, span)
    place = {"span": span, "measure": measure, "kind": kind}
    nothing = dict.fromkeys((*_OF_TITLE, *_OF_GENRE))
    until = population.loads[0].day if population.loads else None
    if then is None:
        yield nothing | place | {"genre": ALL, "until": until, "n": 0, "left_out": {}}
        return
    titles, now = population.titles, population.loads[0]
    passes = reasons(titles, now, then, measure, span)
    of_kind = titles.of_kind(kind)
    counted = np.logical_and.reduce([of_kind, *passes.values()])
    rise = measure_rise(population, then, measure, counted, now.day.year)
    moved = then.has & now.has & (then["start_year"] != now["start_year"])
    for genre in population.genres:
        stratum = of_kind & titles.of_genre(genre)
        in_stratum = {reason: passed[stratum] for reason, passed in passes.items()}
        _, left_out = by_first_reason(in_stratum, int(stratum.sum()))
        chosen = stratum[rise.index]
        shared = {
            **place,
            **{"genre": genre, "since": then.day, "until": until, "left_out": left_out},
            "gone": then.gone.get(kind, 0) if genre == ALL else None,
            "redated": int((moved & stratum).sum()),
            **_of_genre(rise, chosen, genre),
        }
        listed = [title for title in rise.order.tolist() if chosen[title]][:LISTED]
        for number, title in enumerate(listed, start=1):
            yield nothing | shared | {"place": number} | _of_title(titles, rise, title)
        if not listed:
            yield nothing | shared


def _of_genre(rise: Rise, chosen: Mask, genre: str) -> dict[str, Any]:
    plain, adjusted = (_estimate(foretold(rise, chosen, controls)) for controls in ((), (2, 3)))
    share = top_share(rise, chosen) if genre != ALL else Estimate()
    return {
        **{"n": int(chosen.sum()), "rising": _rising(rise, chosen)},
        **{"top_share": share.value, "top_low": share.low, "top_high": share.high},
        **{"rho": plain.value, "rho_low": plain.low, "rho_high": plain.high},
        **{"adjusted": adjusted.value, "adjusted_low": adjusted.low},
        "adjusted_high": adjusted.high,
    }


def _estimate(correlation: Correlation | None) -> Estimate:
    return correlation.estimate() if correlation else Estimate()


def _rising(rise: Rise, chosen: Mask) -> int | None:
    return int((rise.holm[chosen] < CERTAIN).sum()) if rise.growth else None


def top_share(rise: Rise, chosen: Mask) -> Estimate:
    """Which share of the chosen is among the tenth of their kind that rose most (Wilson)."""
    n = int(chosen.sum())
    if not n or not rise.growth:
        return Estimate()
    share, square = float(rise.is_top[chosen].mean()), NORMAL_95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = NORMAL_95 * float(np.sqrt(share * (1 - share) / n + square / (4 * n * n)))
    half /= 1 + square / n
    return Estimate(share, middle - half, middle + half)


def _of_title(titles: Titles, rise: Rise, title: int) -> dict[str, Any]:
    growth, index = rise.growth, int(rise.index[title])
    if growth is None:
        return {}
    return {
        **{"title_key": int(titles.key[index]), "title": titles.name[index]},
        **{"before": float(rise.before[title]), "after": float(rise.after[title])},
        **{"days": float(rise.days[title]), "per_day": float(rise.per_day[title])},
        "expected_per_day": float(expected_per_day(rise)[title]),
        "excess": float(growth.excess[title]),
        **{"ci_low": number_or_null(growth.low[title])},
        **{"ci_high": number_or_null(growth.high[title]), "z": float(growth.z[title])},
        **{"holm": float(rise.holm[title]), "is_rising": bool(rise.holm[title] < CERTAIN)},
    }


def expected_per_day(rise: Rise) -> Values:
    """What size and age predict, a day, in the measure's own unit."""
    if rise.growth is None:
        return np.full(len(rise.index), np.nan)
    if np.isnan(rise.growth.low).all():  # of a level: so many times as high in a month
        factor = rise.growth.expected ** (rise.days / _MONTH)
        return rise.before * (factor - 1) / rise.days
    return rise.growth.expected / rise.days


_OF_TITLE = (
    *("place", "since", "title_key", "title", "before", "after", "days", "per_day"),
    *("expected_per_day", "excess", "ci_low", "ci_high", "z", "holm", "is_rising"),
)
_OF_GENRE = (
    *("n", "rising", "top_share", "top_low", "top_high", "rho", "rho_low", "rho_high"),
    *("adjusted", "adjusted_low", "adjusted_high", "gone", "redated"),
)
