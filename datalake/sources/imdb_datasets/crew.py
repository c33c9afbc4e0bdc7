"""title.crew → directors and writers, as lines of title.principals."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.sources.cleaned import FileAccount
from datalake.sources.imdb_datasets.id_blocks import id_number, look_up
from datalake.sources.imdb_datasets.lines import (
    BAD,
    DANGLING,
    FILTERED,
    TITLE_ID,
    FateCounter,
    Lines,
    account,
    cell,
    kept_or_bad,
)
from datalake.sources.imdb_datasets.raw import PERSON_ID
from datalake.sources.imdb_datasets.repeats import marked_repeats, rejected_lines, repeat_counts
from datalake.sources.imdb_datasets.titles import TITLE_SETS, title_fate
from datalake.trusted.rules import Rule, reasons_against

_JOBS = {"directors": "director", "writers": "writer"}
_IS_GOOD = "reasons IS NULL AND NOT is_copy"
_PERSON_IDS = rf"^{PERSON_ID}(,{PERSON_ID})*\z"


class Crew:
    """title.crew: directors and writers of the lake's titles, and what became of its lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._fates = lines, FateCounter(lines.file)

    def credits(self, title_ids: DataFrame, person_ids: DataFrame) -> DataFrame:
        """One row per title × director or writer, as a line of title.principals."""
        self._classified = classified_crew(self._lines, title_ids)
        kept = self._fates.keep(self._classified)
        self._rows = marked_repeats(crew_rows(self._lines, kept)).persist()
        return crew_credits(self._rows.where(_IS_GOOD), person_ids)

    def account(self, crew_credits: int) -> FileAccount:
        """Trusted are the rows of the lake's titles; ids that became no `crew_credits` dangle."""
        # Subtracted, for ids are looked up before a shuffle, where a lost machine is counted twice.
        ids = F.sum(F.when(F.expr(_IS_GOOD), F.size(_listed_people())).otherwise(0))
        of_rows = [*repeat_counts(), F.coalesce(ids, F.lit(0)).alias("ids")]
        counts = self._rows.agg(*of_rows).collect()[0]
        fates = self._fates.counts(any_kept=counts["rows"] > 0)
        return account(
            self._lines.file,
            fates["rows"],
            trusted=counts["rows"] - counts["copies"] - counts["bad"],
            duplicates=counts["copies"],
            quarantined=counts["bad"] + fates[BAD],
            filtered=fates[FILTERED],
            dangling=fates[DANGLING],
            dangling_ids=counts["ids"] - crew_credits,
        )

    def rejected(self) -> DataFrame:
        """One row per rejected line, as `line`, with its `reasons`."""
        return rejected_lines(marked_repeats(crew_rows(self._lines, kept_or_bad(self._classified))))


def classified_crew(crew: Lines, title_ids: DataFrame) -> DataFrame:
    """One row per line of title.crew, its `number`, and its `fate`, null where kept."""
    numbered = crew.rows.withColumn("number", id_number(cell(0)))
    rows = look_up(numbered, "number", title_ids, *TITLE_SETS)
    fate = title_fate(F.col("film") | F.col("series"), F.expr(cell(0)).rlike(TITLE_ID))
    return rows.select("line", "number", fate.alias("fate"))


def crew_rows(crew: Lines, rows: DataFrame) -> DataFrame:
    """One row per row that has a `line` of title.crew, with `reasons` against it."""
    lists = (Rule(f"{name}: not person ids", ~F.col(name).rlike(_PERSON_IDS)) for name in _JOBS)
    rules = [
        *crew.rules(),
        Rule("tconst: not an IMDb title id", ~F.coalesce("tconst", F.lit("")).rlike(TITLE_ID)),
        *lists,
    ]
    cells = crew.with_cells(rows.select("line", "number"))
    return reasons_against(cells, rules, ["line", "number", "tconst", *_JOBS])


def crew_credits(rows: DataFrame, person_ids: DataFrame) -> DataFrame:
    """One row per title × director or writer, as a line of title.principals without ordering."""
    people = rows.select("number", "tconst", F.inline(_listed_people()))
    people = people.withColumn("person_number", id_number("nconst"))
    none = F.lit(r"\N")
    line = F.concat_ws("\t", "tconst", none, "nconst", "job", none, none)
    known = look_up(people, "person_number", person_ids, "person").where("person")
    return known.select(line.alias("line"), "number", "person_number", F.lit(True).alias("of_crew"))


def _listed_people() -> Column:
    """The row's directors and writers, as an array of `nconst` and `job`."""
    lists = (
        f"transform(split({name}, ','), person -> struct(person AS nconst, '{job}' AS job))"
        for name, job in _JOBS.items()
    )
    return F.expr(f"flatten(array_compact(array({', '.join(lists)})))")
