"""Sets of IMDb's ids as bits, 64 ids to a row: small enough for a broadcast, as the ids are not.

12.8 million titles are 625,000 rows. So the rows of a file are looked up where they are read, and
only those that are kept are shuffled.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

_BLOCK = "shiftright({number}, 6)"
_PLACE = "CAST({number} & 63 AS INT)"


def id_number(id_text: str) -> Column:
    """The number in the IMDb id that a column or expression holds; null where there is none."""
    return F.expr(f"try_cast(substring({id_text}, 3) AS BIGINT)")


def id_blocks(rows: DataFrame, *sets: str) -> DataFrame:
    """One row per 64 ids of the rows' `number`: `block`, and each set's bits and `…_rows`.

    A set has the numbers of the rows of which the boolean column of its name is true. Rows without
    number stand together in the row without `block`.
    """
    bit = F.expr(f"shiftleft(1L, {_PLACE.format(number='number')})")
    bits = {name: F.bit_or(F.when(F.col(name), bit).otherwise(F.lit(0))) for name in sets}
    return rows.groupBy(F.expr(_BLOCK.format(number="number")).alias("block")).agg(
        *(column.alias(name) for name, column in bits.items()),
        *(F.count_if(name).alias(f"{name}_rows") for name in sets),
    )


def is_unique(blocks: DataFrame, name: str) -> bool:
    """Whether no two rows of the set have one id."""
    (row,) = blocks.agg(F.sum(f"{name}_rows").eqNullSafe(F.sum(F.bit_count(name)))).collect()
    return bool(row[0])


def look_up(rows: DataFrame, number: str, blocks: DataFrame, *sets: str) -> DataFrame:
    """The rows, and of each set whether it has the rows' `number`, as a boolean column."""
    bits = F.broadcast(blocks.select(F.col("block").alias("_block"), *sets))
    same_block = F.expr(_BLOCK.format(number=number)) == F.col("_block")
    place = _PLACE.format(number=number)
    return rows.join(bits, on=same_block, how="left").select(
        *rows.columns,
        *(F.expr(f"coalesce(getbit({name}, {place}) = 1, false)").alias(name) for name in sets),
    )
