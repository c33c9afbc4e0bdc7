"""What the answers share on Spark's side: counts by reason, ranks, bounded fetching."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from datalake.schemas import Table

DECIMALS = 9
"""Kept of a double: the last digits of a sum hang on the order in which Spark adds."""

FETCH_LIMIT = 200_000
"""Rows that one fetch may bring to the driver: some 100 MB at ten columns."""


def named_counts(**counts: Column) -> Column:
    """A map name → count; counts of 0 are not named."""
    entries = ((F.lit(name), count) for name, count in counts.items())
    return F.map_filter(F.create_map(*chain.from_iterable(entries)), lambda _, count: count > 0)


def left_out(*reasons: str) -> Column:
    """Aggregate: how many rows `reason` left out, by reason."""
    return named_counts(**{name: F.count_if(F.col("reason") == name) for name in reasons})


def centred_rank(column: str, within: Sequence[str]) -> Column:
    """Mid-rank of `column` in its group, doubled and centred: all that a rank correlation needs.

    Ranks from below less ranks from above: ties share one value without being counted.
    """
    group = Window.partitionBy(*within)
    from_below = F.rank().over(group.orderBy(F.asc(column)))
    return (from_below - F.rank().over(group.orderBy(F.desc(column)))).cast("double")


def as_table(frame: DataFrame, table: Table) -> DataFrame:
    """The table's columns in their order, doubles rounded so that every run says the same."""
    rounded = {
        column.name: F.round(column.name, DECIMALS)
        for column in table.columns
        if column.type == "double"
    }
    return frame.withColumns(rounded).select(*table.names)


def fetch(
    frame: DataFrame, key: str, names: Sequence[str], limit: int = FETCH_LIMIT
) -> tuple[dict[str, NDArray[np.float64]], int]:
    """Numeric columns as arrays ordered by `key`, null as NaN, and how many rows stayed behind.

    Of more than `limit` rows those with the lowest keys are taken: keys are hashes, so
    that is a sample at random that every run draws again.
    """
    rows = frame.select(*names).orderBy(frame[key]).limit(limit + 1).collect()
    behind = frame.count() - limit if len(rows) > limit else 0
    values = np.array(rows[:limit], dtype=np.float64).reshape(-1, len(names))
    return dict(zip(names, values.T, strict=True)), behind
