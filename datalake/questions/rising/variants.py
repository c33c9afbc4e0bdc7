"""How ratings correlate with growth among titles of equal size and year, in variants."""

from collections.abc import Iterator

import numpy as np

from datalake.questions.loads import SPANS
from datalake.questions.population import Population
from datalake.questions.rising.rise import (
    KINDS,
    RATINGS,
    Rise,
    conditions,
    earlier_load,
    measure_rise,
    rating_correlation,
)
from datalake.questions.sensitivity import Variants, compare
from datalake.schemas.table import Row
from datalake.statistics.estimate import Estimate, Mask

_SIZE_AND_YEAR = (2, 3)


def vary(population: Population) -> Iterator[Row]:
    """One row per kind and measure × variant, where there is a load to compare with."""
    for kind in KINDS:
        for measure in RATINGS:
            rises = dict(_rises(population, measure, kind))
            if rises:
                yield from compare(f"{kind}.{measure}", _variants(rises))


def _rises(population: Population, measure: str, kind: str) -> Iterator[tuple[int, Rise]]:
    """By span, the answer's own first."""
    for span in SPANS:
        earlier = earlier_load(population, span)
        if earlier is None:
            continue
        titles, newest = population.titles, population.loads[0]
        passes = conditions(titles, newest, earlier, measure, span).values()
        chosen = np.logical_and.reduce([titles.of_kind(kind), *passes])
        yield span, measure_rise(population, earlier, measure, chosen, newest.day.year)


def _variants(rises: dict[int, Rise]) -> Variants:
    (_, first), *others = rises.items()
    everyone = np.full(len(first.index), True)
    yield "as_answered", len(first.index), _rating_correlation(first, everyone, _SIZE_AND_YEAR)
    yield "unadjusted", len(first.index), _rating_correlation(first, everyone, ())
    well_known = first.before >= np.quantile(first.before, 0.75) if len(first.index) else everyone
    yield (
        "best_known_quarter",
        int(well_known.sum()),
        _rating_correlation(first, well_known, _SIZE_AND_YEAR),
    )
    for span, rise in others:
        everyone = np.full(len(rise.index), True)
        yield f"span_{span}", len(rise.index), _rating_correlation(rise, everyone, _SIZE_AND_YEAR)


def _rating_correlation(rise: Rise, chosen: Mask, controls: tuple[int, ...]) -> Estimate:
    correlation = rating_correlation(rise, chosen, controls)
    return correlation.estimate() if correlation else Estimate()
