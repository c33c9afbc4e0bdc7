"""Lines of IMDb's datasets, split at tabs by hand: nothing in them is quoted.

A line's `fate` is why it goes no further, null while it is kept; lines are counted by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from datalake.schemas.table import Table
from datalake.sources.cleaned import FileAccount, ReadLines
from datalake.sources.imdb_datasets import raw
from datalake.sources.source_file import SourceFile
from datalake.trusted.parsing import text
from datalake.trusted.rules import Rule, undamaged

FILTERED, DANGLING, BAD = "filtered_rows", "dangling_rows", "bad_rows"
TITLE_ID, PERSON_ID = (rf"^{pattern}\z" for pattern in (raw.TITLE_ID, raw.PERSON_ID))
_YEARS_AHEAD = 5
_BOM = "\ufeff"


@dataclass(frozen=True)
class Lines:
    """The lines of one file, as the column `line`, its header left out."""

    file: SourceFile
    rows: DataFrame

    @property
    def columns(self) -> tuple[str, ...]:
        """The file's columns, in IMDb's names."""
        return raw.COLUMNS[self.file.spec]

    @property
    def latest_year(self) -> int:
        """The latest plausible year."""
        return self.file.day.year + _YEARS_AHEAD

    def is_whole(self) -> Column:
        """Whether `line` has as many cells as the file has columns."""
        width, length = len(self.columns), F.octet_length("line")
        all_cells, all_but_one = (F.substring_index("line", "\t", n) for n in (width, width - 1))
        return (F.octet_length(all_cells) == length) & (F.octet_length(all_but_one) < length)

    def with_cells(self, rows: DataFrame) -> DataFrame:
        """The rows, and the cells of their `line` as text columns by IMDb's names."""
        split = rows.withColumn("cells", F.split("line", "\t", -1))
        texts = [text(F.get("cells", F.lit(i))).alias(name) for i, name in enumerate(self.columns)]
        return split.select(*rows.columns, *texts)

    def rules(self) -> list[Rule]:
        """Rules on the whole line."""
        damage = undamaged(F.col("line")) if self.file.contents.damaged else ()
        return [Rule("line: wrong number of columns", ~self.is_whole()), *damage]


def read(file: SourceFile, read_lines: ReadLines) -> Lines:
    """The lines of the file."""
    line = F.expr(r"if(endswith(value, '\r'), left(value, length(value) - 1), value)")
    header = file.contents.header
    rows = read_lines({file.key: file.spec.name}).select(line.alias("line"))
    return Lines(file, rows.where(~F.col("line").isin(header, _BOM + header)))


def cell(place: int) -> str:
    """SQL for the line's cell at that place, from 0: cheaper than to split all of the line."""
    return rf"substring_index(substring_index(line, '\t', {place + 1}), '\t', -1)"


def account(  # noqa: PLR0913 - each kind of row is named where it is counted
    file: SourceFile,
    read_rows: int,
    table: Table | None = None,
    *,
    trusted: int,
    duplicates: int,
    quarantined: int,
    filtered: int = 0,
    dangling: int = 0,
    dangling_ids: int = 0,
) -> FileAccount:
    """The account of a file of which so many rows were read."""
    other = {FILTERED: filtered, DANGLING: dangling}
    return FileAccount(
        file, read_rows, trusted, duplicates, quarantined, other, table, dangling_ids
    )


def kept_or_bad(rows: DataFrame) -> DataFrame:
    """The rows that are kept or bad: those of which a rule may say why."""
    return rows.where(F.col("fate").isNull() | (F.col("fate") == BAD))


@dataclass
class FateCounter:
    """How many lines of a file met which fate, counted while they are read.

    What is counted before a shuffle counts a task twice that ran again for a lost machine, and
    Spark forgets a count whose every row was dropped; then the lines are counted anew.
    """

    file: SourceFile
    _parts: list[tuple[Observation, DataFrame]] = field(default_factory=list)

    def keep(self, rows: DataFrame) -> DataFrame:
        """The rows without `fate`; the others are counted and left out."""
        self._parts.append((Observation(), rows))
        counts = [F.count_if(F.col("fate") == fate).alias(fate) for fate in _FATES]
        observed = rows.observe(self._parts[-1][0], F.count("*").alias("rows"), *counts)
        return observed.where("fate IS NULL").drop("fate")

    def counts(self, any_kept: bool) -> Mapping[str, int]:
        """Rows by fate, and in all, once what was kept is written."""
        if any_kept:
            counts = _sums([observation.get for observation, _ in self._parts])
            if counts["rows"] == self.file.rows:
                return counts
        return _sums([_count(rows) for _, rows in self._parts])


_FATES = (FILTERED, DANGLING, BAD)


def _count(rows: DataFrame) -> dict[str, int]:
    by_fate = {row["fate"]: row["count"] for row in rows.groupBy("fate").count().collect()}
    return {fate: by_fate.get(fate, 0) for fate in _FATES} | {"rows": sum(by_fate.values())}


def _sums(parts: list[Mapping[str, int]]) -> dict[str, int]:
    """The sums by fate; the rows are those of the first part, of which the others are the rest."""
    return {fate: sum(part[fate] for part in parts) for fate in _FATES} | {"rows": parts[0]["rows"]}
