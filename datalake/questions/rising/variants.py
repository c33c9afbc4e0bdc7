"""What ratings foretold among titles of equal size and year, with one choice made otherwise."""

from collections.abc import Iterator

import numpy as np

from datalake.questions.loads import SPANS
from datalake.questions.population import Population
from datalake.questions.rising.rise import (
    KINDS,
    RATINGS,
    Rise,
    earlier_load,
    foretold,
    measure_rise,
    reasons,
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
        then = earlier_load(population, span)
        if then is None:
            continue
        titles, now = population.titles, population.loads[0]
        passes = reasons(titles, now, then, measure, span).values()
        chosen = np.logical_and.reduce([titles.of_kind(kind), *passes])
        yield span, measure_rise(population, then, measure, chosen, now.day.year)


def _variants(rises: dict[int, Rise]) -> Variants:
    (_, first), *others = rises.items()
    everyone = np.full(len(first.index), True)
    yield "as_answered", len(first.index), _foretold(first, everyone, _SIZE_AND_YEAR)
    yield "unadjusted", len(first.index), _foretold(first, everyone, ())
    well_known = first.before >= np.quantile(first.before, 0.75) if len(first.index) else everyone
    yield "best_known_quarter", int(well_known.sum()), _foretold(first, well_known, _SIZE_AND_YEAR)
    for span, rise in others:
        everyone = np.full(len(rise.index), True)
        yield f"span_{span}", len(rise.index), _foretold(rise, everyone, _SIZE_AND_YEAR)


def _foretold(rise: Rise, chosen: Mask, controls: tuple[int, ...]) -> Estimate:
    correlation = foretold(rise, chosen, controls)
    return correlation.estimate() if correlation else Estimate()
