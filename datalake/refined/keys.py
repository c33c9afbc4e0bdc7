"""Surrogate keys: hashes of natural keys, equal in every run and in every SQL engine."""

from pyspark.sql import Column
from pyspark.sql import functions as F

UNKNOWN = 0
_HEX_DIGITS = 15  # 60 bits: a positive BIGINT everywhere
_SEPARATOR = "\x1f"


def key(first: str, *others: str) -> Column:
    """The key of a natural key's columns; 0, the unknown member, where the first is null.

    It is the number in the first 15 hex digits of the MD5 of the columns' texts, joined by U+001F,
    with null as the empty text: any SQL engine can compute it.
    """
    parts = [F.coalesce(F.col(name).cast("string"), F.lit("")) for name in (first, *others)]
    digits = F.substring(F.md5(F.concat_ws(_SEPARATOR, *parts)), 1, _HEX_DIGITS)
    hashed = F.conv(digits, 16, 10).cast("long")
    return F.when(F.col(first).isNotNull(), hashed).otherwise(F.lit(UNKNOWN).cast("long"))


def year_key(year: Column) -> Column:
    """The year itself; 0, the unknown year, where it is null."""
    return F.coalesce(year, F.lit(UNKNOWN)).cast("int")
