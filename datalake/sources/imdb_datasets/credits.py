"""title.principals → credits, and those that title.crew adds."""

from pyspark.sql import Column, DataFrame, Observation, Window
from pyspark.sql import functions as F

from datalake.schemas.trusted import CREDITS
from datalake.sources.cleaned import FileAccount
from datalake.sources.imdb_datasets.id_blocks import id_number, look_up
from datalake.sources.imdb_datasets.lines import (
    BAD,
    DANGLING,
    FILTERED,
    PERSON_ID,
    TITLE_ID,
    FateCounter,
    Lines,
    account,
    cell,
    kept_or_bad,
)
from datalake.sources.imdb_datasets.repeats import rejected_lines
from datalake.sources.imdb_datasets.titles import TITLE_SETS, title_fate
from datalake.trusted.parsing import number
from datalake.trusted.rules import Rule, reasons_against

_PRINCIPALS_COLUMNS = ("title_id", "person_id", "ordering", "job", "job_text", "characters")
_SCHEMA = {column.name: column.type for column in CREDITS.columns}


class Principals:
    """title.principals: the credits of the lake's titles, and what became of its lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._counts, self._fates = lines, Observation(), FateCounter(lines.file)

    def credits(
        self, title_ids: DataFrame, person_ids: DataFrame, crew_credits: DataFrame
    ) -> DataFrame:
        """One row per credit, those of `crew_credits` that title.principals lacks among them."""
        self._classified = classified_principals(self._lines, title_ids, person_ids)
        kept = self._fates.keep(self._classified).withColumn("of_crew", F.lit(False))
        # Before the cells are split, for a line is less to shuffle, and one task reads the file.
        lines = kept.unionByName(crew_credits).repartition("number")
        return credits(credit_rows(self._lines, lines), self._counts)

    def account(self) -> FileAccount:
        """Trusted are the rows of credits that title.principals has."""
        counts = self._counts.get
        fates = self._fates.counts(any_kept=counts["all"] > 0)
        return account(
            self._lines.file,
            fates["rows"],
            trusted=counts["rows"] - counts["copies"] - counts["bad"],
            duplicates=counts["copies"],
            quarantined=counts["bad"] + fates[BAD],
            filtered=fates[FILTERED],
            dangling=fates[DANGLING],
        )

    def crew_credits(self) -> int:
        """How many `crew_credits` there were, those that title.principals has among them."""
        counts = self._counts.get
        return int(counts["all"] - counts["rows"])

    def rejected(self) -> DataFrame:
        """One row per rejected line, as `line`, with its `reasons`."""
        rows = kept_or_bad(self._classified).withColumn("of_crew", F.lit(False)).drop("fate")
        return rejected_lines(marked_credits(credit_rows(self._lines, rows)))


def classified_principals(
    principals: Lines, title_ids: DataFrame, person_ids: DataFrame
) -> DataFrame:
    """One row per line of title.principals, its ids' numbers, and its `fate`, null where kept."""
    rows = principals.rows.withColumn("number", id_number(cell(0)))
    of_lake = F.col("film") | F.col("series")
    person_number = F.when(of_lake, id_number(cell(2)))
    titled = look_up(rows, "number", title_ids, *TITLE_SETS).select(
        *("line", "number", "other", of_lake.alias("of_lake")),
        person_number.alias("person_number"),
    )
    are_ids = F.expr(cell(0)).rlike(TITLE_ID) & F.expr(cell(2)).rlike(PERSON_ID)
    fate = title_fate(F.col("of_lake") & F.col("person"), are_ids)
    named = look_up(titled, "person_number", person_ids, "person")
    return named.select("line", "number", "person_number", fate.alias("fate"))


def credit_rows(principals: Lines, rows: DataFrame) -> DataFrame:
    """One row per row that has a `line` of title.principals: typed, with `reasons` against it."""
    typed = (
        principals.with_cells(rows)
        .select(
            *rows.columns,
            F.col("tconst").alias("title_id"),
            F.col("nconst").alias("person_id"),
            F.col("ordering").alias("ordering_text"),
            F.col("category").alias("job"),
            F.col("job").alias("job_text"),
            F.col("characters").alias("characters_json"),
        )
        .withColumn("ordering", number("ordering_text", "INT"))
        .withColumn("characters", F.from_json("characters_json", "array<string>"))
    )
    return reasons_against(typed, _rules(principals), [*rows.columns, *_PRINCIPALS_COLUMNS])


def _rules(principals: Lines) -> list[Rule]:
    is_positive = F.coalesce(F.col("ordering") > 0, F.lit(False))
    is_bad_ordering = F.col("ordering_text").isNotNull() & ~is_positive
    is_bad_array = F.col("characters_json").isNotNull() & F.col("characters").isNull()
    return [
        *principals.rules(),
        Rule("tconst: not an IMDb title id", ~_is_id("title_id", TITLE_ID)),
        Rule("nconst: not an IMDb person id", ~_is_id("person_id", PERSON_ID)),
        Rule("ordering: not a number above 0", is_bad_ordering),
        Rule("category: empty", F.col("job").isNull()),
        Rule("characters: not a JSON array", is_bad_array),
    ]


def _is_id(name: str, pattern: str) -> Column:
    return F.coalesce(name, F.lit("")).rlike(pattern)


def credits(rows: DataFrame, counts: Observation) -> DataFrame:
    """One row per credit of title.principals, and of title.crew where the former lacks it.

    `counts` gets how many `rows` title.principals had here, `copies` of a row before, and `bad`.
    """
    marked = marked_credits(rows)
    of_principals, is_good = ~F.col("of_crew"), F.col("reasons").isNull()
    return (
        marked.observe(
            counts,
            F.count("*").alias("all"),
            F.count_if(of_principals).alias("rows"),
            F.count_if(of_principals & F.col("is_copy")).alias("copies"),
            F.count_if(of_principals & ~is_good & ~F.col("is_copy")).alias("bad"),
        )
        .where("reasons IS NULL AND NOT is_copy")
        .select(*(_column(name, sql_type) for name, sql_type in _SCHEMA.items()))
    )


def marked_credits(rows: DataFrame) -> DataFrame:
    """The rows with `is_copy`: of a row before, or of crew where the person has the job already."""
    of_title = Window.partitionBy("number").orderBy(
        F.col("reasons").isNotNull(), "person_number", "job", "of_crew", "line"
    )
    previous = F.lag(F.struct("person_number", "job", "line")).over(of_title)
    same_job = (F.col("previous.person_number") == F.col("person_number")) & (
        F.col("previous.job") == F.col("job")
    )
    is_copy = same_job & (F.col("of_crew") | (F.col("previous.line") == F.col("line")))
    return (
        rows.withColumn("previous", previous)
        .withColumn("is_copy", F.coalesce(is_copy, F.lit(False)))
        .drop("previous")
    )


def _column(name: str, sql_type: str) -> Column:
    """The column; null of that type where IMDb's datasets have it in persons, or not at all."""
    return F.col(name) if name in _PRINCIPALS_COLUMNS else F.lit(None).cast(sql_type).alias(name)
