"""Who gains more than size and age predict, between two loads; and whether ratings foretold it."""

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
    earlier_load,
    expected_per_day,
    foretold,
    measure_rise,
    reasons,
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


_OF_TITLE = (
    *("place", "since", "title_key", "title", "before", "after", "days", "per_day"),
    *("expected_per_day", "excess", "ci_low", "ci_high", "z", "holm", "is_rising"),
)
_OF_GENRE = (
    *("n", "rising", "top_share", "top_low", "top_high", "rho", "rho_low", "rho_high"),
    *("adjusted", "adjusted_low", "adjusted_high", "gone", "redated"),
)
