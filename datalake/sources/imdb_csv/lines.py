"""Lines of movies.csv and series.csv, split at `|` without a CSV reader.

The source quotes and escapes nothing, and a CSV reader would look for quotes. A line is a
title's columns (`title_part`) and one artist's (`artist_part`); lines of films have no end year.
"""

from collections.abc import Mapping, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import ARTIST_COLUMNS, END_YEAR, TITLE_COLUMNS
from datalake.sources.source_file import SourceFile
from datalake.trusted.parsing import text

_END_YEAR_PLACE = TITLE_COLUMNS.index(END_YEAR)


def data_lines(raw: DataFrame, files: Sequence[SourceFile]) -> DataFrame:
    """One row per line of the source files, headers left out: `kind` and `line`.

    `raw` has the lines as `value`, and the `kind` of their file.
    """
    # Ten times quicker than trim(), which copies each character.
    line = F.expr(r"if(endswith(value, '\r'), left(value, length(value) - 1), value)")
    return raw.where(~_is_header(files)).select("kind", line.alias("line"))


def with_parts(lines: DataFrame) -> DataFrame:
    """The lines with their `title_part` and `artist_part`.

    Both are null where the line has not as many columns as its file's header.
    """
    title_parts = {kind: F.substring_index("line", "|", _title_width(kind)) for kind in Kind}
    artist_part = F.substring_index("line", "|", -len(ARTIST_COLUMNS))
    parts = {"title_part": by_kind(title_parts), "artist_part": artist_part}
    width = F.octet_length("title_part") + F.octet_length("artist_part") + 1
    is_whole = width == F.octet_length("line")
    return lines.withColumns(parts).select(
        "kind", "line", *(F.when(is_whole, F.col(part)).alias(part) for part in parts)
    )


def _is_header(files: Sequence[SourceFile]) -> Column:
    """Whether `value` is its file's header; the cheap test of its start goes first."""
    headers = {
        file.spec.kind: [
            bom + file.contents.header + end for bom in ("", "\ufeff") for end in ("", "\r")
        ]
        for file in files
    }
    first = TITLE_COLUMNS[0] + "|"
    may_be_header = F.col("value").startswith(first) | F.col("value").startswith("\ufeff")
    is_header = by_kind({kind: F.col("value").isin(*headers[kind]) for kind in Kind})
    return may_be_header & is_header


def by_kind(values: Mapping[Kind, Column]) -> Column:
    """The value for the row's `kind`."""
    is_film = F.col("kind") == Kind.MOVIE.value
    return F.when(is_film, values[Kind.MOVIE]).otherwise(values[Kind.SERIES])


def cells(part: str) -> Column:
    """The cells of a line, or of one of its parts."""
    return F.split(part, r"\|", -1)


def title_texts() -> list[Column]:
    """The title's columns as text, from `cells`, by the source's names; films have no end year."""
    return [text(_title_cell(place)).alias(name) for place, name in enumerate(TITLE_COLUMNS)]


def artist_texts() -> list[Column]:
    """The artist's columns as text, from `cells`, by the source's names."""
    return [text(_cell(place)).alias(name) for place, name in enumerate(ARTIST_COLUMNS)]


def _title_width(kind: Kind) -> int:
    return len(TITLE_COLUMNS) - (kind is Kind.MOVIE)


def _title_cell(place: int) -> Column:
    if place < _END_YEAR_PLACE:
        return _cell(place)
    null = F.lit(None).cast("string")
    in_film = null if place == _END_YEAR_PLACE else _cell(place - 1)
    return by_kind({Kind.SERIES: _cell(place), Kind.MOVIE: in_film})


def _cell(place: int) -> Column:
    return F.get("cells", F.lit(place))
