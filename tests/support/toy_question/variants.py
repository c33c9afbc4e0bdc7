"""The mean again, of well-known titles only."""

from datalake.questions.sensitivity import better_known, compare
from datalake.statistics.estimate import Estimate

from .estimate import lengths, mean


def vary(population):
    """One row a variant."""
    titles = population.titles
    chosen = {name: titles.where(mask) for name, mask in better_known(titles)}
    yield from compare(
        "letters",
        (
            (name, len(part), Estimate(mean(lengths(part)), 0.0, 99.0))
            for name, part in {"as_answered": titles, **chosen}.items()
        ),
    )
