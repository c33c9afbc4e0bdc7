"""title.basics and title.ratings → titles, and which ids title.basics has besides."""

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from datalake.schemas.kinds import Kind
from datalake.schemas.title_types import TitleTypes
from datalake.schemas.trusted import TITLES
from datalake.sources.cleaned import FileAccount
from datalake.sources.imdb_datasets.id_blocks import id_blocks, id_number, is_unique
from datalake.sources.imdb_datasets.lines import (
    BAD,
    DANGLING,
    FILTERED,
    TITLE_ID,
    Lines,
    account,
    cell,
)
from datalake.sources.imdb_datasets.repeats import first_of_each_id, marked_repeats, rejected_lines
from datalake.trusted.parsing import listed, number
from datalake.trusted.rules import Rule, reasons_against
from datalake.trusted.rules import number as number_rules

EARLIEST_YEAR = 1870
TITLE_SETS = ("film", "series", "other")
_ADULT = ("0", "1")


class Basics:
    """title.basics: its titles, the ids and years of all else, and what became of its lines."""

    def __init__(self, lines: Lines, types: TitleTypes) -> None:
        self._lines, self._counts = lines, Observation()
        self._rows = title_rows(lines, types)
        self.ids = basics_ids(lines, types).persist()

    def titles(self, ratings: DataFrame) -> DataFrame:
        """One row per title; `ratings` has one row per rated `number`."""
        first = first_of_each_id(self._rows, self._counts)
        return first.join(ratings, on="number", how="left").select(*TITLES.names)

    def start_years(self) -> DataFrame:
        """One row per `number`: its year, where it has a plausible one."""
        years = start_years(self._lines)
        if is_unique(self.ids, "all"):
            return years
        return years.groupBy("number").agg(F.max("start_year").alias("start_year"))

    def account(self, episodes: int) -> FileAccount:
        """Trusted are the rows of titles, and those that gave one of the `episodes` its year."""
        usable = F.col("block").isNotNull()
        (row,) = self.ids.agg(
            F.sum("all_rows").alias("read"),
            F.coalesce(F.sum(F.when(usable, F.col("other_rows"))), F.lit(0)).alias("others"),
            F.coalesce(F.sum(F.when(~usable, F.col("all_rows"))), F.lit(0)).alias("unusable"),
        ).collect()
        counts = self._counts.get
        return account(
            self._lines.file,
            row["read"],
            trusted=counts["rows"] - counts["copies"] - counts["bad"] + episodes,
            duplicates=counts["copies"],
            quarantined=counts["bad"] + row["unusable"],
            filtered=row["others"] - episodes,
        )

    def rejected(self) -> DataFrame:
        """One row per rejected line, as `line`, with its `reasons`."""
        return unusable(self._lines).unionByName(rejected_lines(marked_repeats(self._rows)))


def basics_ids(basics: Lines, types: TitleTypes) -> DataFrame:
    """One row per 64 ids of title.basics: the set `all`, and `other` than films and series.

    The row without `block` counts the lines that have no id, or not all cells.
    """
    number = F.when(basics.is_whole(), id_number(cell(0))).alias("number")
    is_other = (~_is_of_lake(types)).alias("other")
    return id_blocks(basics.rows.select(number, is_other, F.lit(True).alias("all")), "all", "other")


def title_rows(basics: Lines, types: TitleTypes) -> DataFrame:
    """One row per line of a film or series that has an id: typed, with `reasons` against it."""
    numbered = basics.rows.where(_is_of_lake(types) & basics.is_whole())
    numbered = numbered.withColumn("number", id_number(cell(0))).where("number IS NOT NULL")
    typed = basics.with_cells(numbered).withColumns(
        {
            "title_id": F.col("tconst"),
            "kind": F.when(
                F.col("titleType").isin(*types.of(Kind.SERIES)), Kind.SERIES.value
            ).otherwise(Kind.MOVIE.value),
            "title_type": F.col("titleType"),
            "primary_title": F.col("primaryTitle"),
            "original_title": F.col("originalTitle"),
            "start_year": number("startYear", "INT"),
            "end_year": number("endYear", "INT"),
            "runtime_minutes": number("runtimeMinutes", "INT"),
            "genres": listed("genres"),
            "is_adult": F.col("isAdult") == "1",
            "snapshot": F.lit(basics.file.id),
        }
    )
    basics_columns = [name for name in TITLES.names if not name.startswith("imdb_")]
    return reasons_against(typed, _rules(basics), ["line", "number", *basics_columns])


def unusable(basics: Lines) -> DataFrame:
    """One row per line that has no id, or not all cells, with its `reasons`."""
    rules = [*basics.rules(), _title_id(F.expr(cell(0)))]
    rows = basics.rows.where(~basics.is_whole() | id_number(cell(0)).isNull())
    return reasons_against(rows, rules, ["line"])


def title_ids(titles: DataFrame, basics_ids: DataFrame) -> DataFrame:
    """One row per 64 ids of titles: the sets `film` and `series` of the lake, and `other`."""
    is_series = F.col("kind") == Kind.SERIES.value
    numbers = titles.select(
        id_number("title_id").alias("number"), (~is_series).alias("film"), is_series.alias("series")
    )
    of_lake = id_blocks(numbers, "film", "series")
    others = basics_ids.where("block IS NOT NULL").select("block", "other")
    return of_lake.join(others, on="block", how="full")


def title_fate(is_kept: Column, are_ids: Column) -> Column:
    """Of a line: filtered where its title is another; dangling where a good id has no row."""
    return (
        F.when(is_kept, F.lit(None))
        .when(F.col("other"), FILTERED)
        .otherwise(F.when(are_ids, DANGLING).otherwise(BAD))
    )


def start_years(basics: Lines) -> DataFrame:
    """One row per line of title.basics that has a plausible year: `number` and `start_year`."""
    year = F.expr(f"try_cast({cell(5)} AS INT)").alias("start_year")
    years = basics.rows.select(id_number(cell(0)).alias("number"), year)
    is_plausible = F.col("start_year").between(EARLIEST_YEAR, basics.latest_year)
    return years.where(is_plausible & F.col("number").isNotNull())


def _is_of_lake(types: TitleTypes) -> Column:
    return F.expr(cell(1)).isin(*types.of(Kind.MOVIE), *types.of(Kind.SERIES))


def _title_id(column: Column) -> Rule:
    return Rule("tconst: not an IMDb title id", ~column.rlike(TITLE_ID))


def _rules(basics: Lines) -> list[Rule]:
    return [
        *basics.rules(),
        _title_id(F.col("title_id")),
        Rule("isAdult: neither 0 nor 1", ~F.col("isAdult").isin(*_ADULT)),
        *number_rules("startYear", "start_year", EARLIEST_YEAR, basics.latest_year),
        *number_rules("endYear", "end_year", EARLIEST_YEAR, basics.latest_year),
        *number_rules("runtimeMinutes", "runtime_minutes", 1, 100_000),
    ]
