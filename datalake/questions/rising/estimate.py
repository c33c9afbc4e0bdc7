"""Who gains more than size and age predict, between two loads; and whether ratings predicted it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from datalake.questions.loads import SPANS
from datalake.questions.population import ALL, Population, Titles
from datalake.questions.rising.rise import (
    CERTAIN,
    KINDS,
    LISTED,
    RATINGS,
    Rise,
    conditions,
    earlier_load,
    expected_per_day,
    measure_rise,
    rating_correlation,
    top_share,
)
from datalake.questions.strata import by_first_reason
from datalake.statistics.correlation import Correlation
from datalake.statistics.estimate import Estimate, Mask, number_or_null


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


def _rows(population: Population, span: int, measure: str, kind: str) -> Iterator[dict[str, Any]]:
    earlier = earlier_load(population, span)
    key_columns = {"span": span, "measure": measure, "kind": kind}
    empty_row = dict.fromkeys((*_TITLE_COLUMNS, *_GENRE_COLUMNS))
    until = population.loads[0].day if population.loads else None
    if earlier is None:
        yield empty_row | key_columns | {"genre": ALL, "until": until, "n": 0, "left_out": {}}
        return
    titles, newest = population.titles, population.loads[0]
    passes = conditions(titles, newest, earlier, measure, span)
    of_kind = titles.of_kind(kind)
    counted = np.logical_and.reduce([of_kind, *passes.values()])
    rise = measure_rise(population, earlier, measure, counted, newest.day.year)
    redated = earlier.has_title & newest.has_title & (earlier["start_year"] != newest["start_year"])
    for genre in population.genres:
        stratum = of_kind & titles.of_genre(genre)
        in_stratum = {reason: passed[stratum] for reason, passed in passes.items()}
        _, left_out = by_first_reason(in_stratum, int(stratum.sum()))
        chosen = stratum[rise.index]
        shared = {
            **key_columns,
            **{"genre": genre, "since": earlier.day, "until": until, "left_out": left_out},
            "gone": earlier.gone.get(kind, 0) if genre == ALL else None,
            "redated": int((redated & stratum).sum()),
            **_genre_columns(rise, chosen, genre),
        }
        listed = [title for title in rise.order.tolist() if chosen[title]][:LISTED]
        for number, title in enumerate(listed, start=1):
            yield empty_row | shared | {"place": number} | _title_columns(titles, rise, title)
        if not listed:
            yield empty_row | shared


def _genre_columns(rise: Rise, chosen: Mask, genre: str) -> dict[str, Any]:
    plain, adjusted = (
        _estimate(rating_correlation(rise, chosen, controls)) for controls in ((), (2, 3))
    )
    share = top_share(rise, chosen) if genre != ALL else Estimate()
    return {
        **{"n": int(chosen.sum()), "rising": _rising_count(rise, chosen)},
        **{"top_share": share.value, "top_low": share.low, "top_high": share.high},
        **{"rho": plain.value, "rho_low": plain.low, "rho_high": plain.high},
        **{"adjusted": adjusted.value, "adjusted_low": adjusted.low},
        "adjusted_high": adjusted.high,
    }


def _estimate(correlation: Correlation | None) -> Estimate:
    return correlation.estimate() if correlation else Estimate()


def _rising_count(rise: Rise, chosen: Mask) -> int | None:
    return int((rise.holm[chosen] < CERTAIN).sum()) if rise.growth else None


def _title_columns(titles: Titles, rise: Rise, title: int) -> dict[str, Any]:
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


_TITLE_COLUMNS = (
    *("place", "since", "title_key", "title", "before", "after", "days", "per_day"),
    *("expected_per_day", "excess", "ci_low", "ci_high", "z", "holm", "is_rising"),
)
_GENRE_COLUMNS = (
    *("n", "rising", "top_share", "top_low", "top_high", "rho", "rho_low", "rho_high"),
    *("adjusted", "adjusted_low", "adjusted_high", "gone", "redated"),
)
