"""The mean again, of well-known titles only."""

from collections.abc import Iterator

from datalake.questions.population import Population
from datalake.questions.sensitivity import Variants, better_known, compare
from datalake.schemas.table import Row
from datalake.statistics.estimate import Estimate

from .estimate import lengths, mean


def vary(population: Population) -> Iterator[Row]:
    """One row a variant."""
    yield from compare("letters", _variants(population))


def _variants(population: Population) -> Variants:
    titles = population.titles
    chosen = {name: titles.where(mask) for name, mask in better_known(titles)}
    for name, part in {"as_answered": titles, **chosen}.items():
        yield name, len(part), Estimate(mean(lengths(part)), 0.0, 99.0)
