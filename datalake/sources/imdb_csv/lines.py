"""Lines of movies.csv and series.csv, cut at `|` by hand.

The source quotes and escapes nothing, and a CSV reader would look for it. A line is a
title's columns (the head) and one artist's (the tail); lines of films have no end year.
"""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import END_YEAR, HEAD, TAIL
from datalake.sources.imdb_csv.raw import SourceFile
from datalake.trusted.parsing import text

_END_YEAR = HEAD.index(END_YEAR)


def lines(raw: DataFrame, snapshots: Sequence[SourceFile]) -> DataFrame:
    """One row per line of the source files, headers left out: `kind`, `line`, `head`, `tail`.

    `raw` has the lines as `value`. `part` is a hash of the kind and the head. Head and tail are
    null where the line has not as many columns as its file's header.
    """
    # Ten times quicker than trim(), which copies each character.
    line = F.expr(r"if(endswith(value, '\r'), left(value, length(value) - 1), value)").alias("line")
    head = of_kind({kind: F.substring_index("line", "|", _head_width(kind)) for kind in Kind})
    tail = F.substring_index("line", "|", -len(TAIL))
    width = F.octet_length("head") + F.octet_length("tail") + 1
    whole = width == F.octet_length("line")
    return (
        raw.where(~_is_header(snapshots))
        .select("kind", line)
        .select("kind", "line", head.alias("head"), tail.alias("tail"))
        .select(
            "kind", "line", *(F.when(whole, F.col(part)).alias(part) for part in ("head", "tail"))
        )
        .withColumn("part", F.xxhash64("kind", "head"))
    )


def _is_header(snapshots: Sequence[SourceFile]) -> Column:
    """Whether `value` is its file's header; few lines start like one, so few are compared."""
    texts = {
        s.kind: [bom + s.header + end for bom in ("", "\ufeff") for end in ("", "\r")]
        for s in snapshots
    }
    starts = F.col("value").startswith(HEAD[0] + "|") | F.col("value").startswith("\ufeff")
    return starts & of_kind({kind: F.col("value").isin(*known) for kind, known in texts.items()})


def of_kind(values: dict[Kind, Column]) -> Column:
    """The value for the row's `kind`."""
    film = F.col("kind") == Kind.MOVIE.value
    return F.when(film, values[Kind.MOVIE]).otherwise(values[Kind.SERIES])


def cells(part: str) -> Column:
    """The cells of `head` or `tail`."""
    return F.split(part, r"\|", -1)


def head_texts() -> list[Column]:
    """The head's columns, as text, by the source's names; films have no end year."""
    return [text(_head_cell(place)).alias(name) for place, name in enumerate(HEAD)]


def tail_texts() -> list[Column]:
    """The tail's columns, as text, by the source's names."""
    return [text(_cell(place)).alias(name) for place, name in enumerate(TAIL)]


def _head_width(kind: Kind) -> int:
    return len(HEAD) - (kind is Kind.MOVIE)


def _head_cell(place: int) -> Column:
    if place < _END_YEAR:
        return _cell(place)
    none = F.lit(None).cast("string")
    return of_kind(
        {
            Kind.SERIES: _cell(place),
            Kind.MOVIE: none if place == _END_YEAR else _cell(place - 1),
        }
    )


def _cell(place: int) -> Column:
    return F.get("cells", F.lit(place))
