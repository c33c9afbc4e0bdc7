"""name.basics → persons."""

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from datalake.schemas.trusted import PERSONS
from datalake.sources.cleaned import FileAccount
from datalake.sources.imdb_datasets.id_blocks import id_blocks, id_number, is_unique, look_up
from datalake.sources.imdb_datasets.lines import PERSON_ID, Lines, account, cell
from datalake.sources.imdb_datasets.repeats import first_of_each_id, marked_repeats, rejected_lines
from datalake.trusted.parsing import listed, number
from datalake.trusted.rules import Rule, reasons_against, without_pushdown
from datalake.trusted.rules import number as number_rules

_SETS = ("person", "bad")
_EARLIEST_YEAR = -3000  # Homer is credited as a writer


class Names:
    """name.basics: who is credited, and what became of its lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._counts = lines, Observation()
        self.ids = person_ids(person_rows(lines, lines.rows)).persist()

    def persons(self, credits: DataFrame) -> DataFrame:
        """One row per person of the credits."""
        self._credited = self._good_rows(credited_ids(credits).persist())
        first = first_of_each_id(self._credited, self._counts, is_unique(self.ids, "person"))
        return first.select(*PERSONS.names)

    def _good_rows(self, credited: DataFrame) -> DataFrame:
        numbered = self._lines.rows.withColumn("number", id_number(cell(0)))
        lines = look_up(numbered, "number", credited, "credited").where("credited").select("line")
        rows = person_rows(self._lines, lines)
        return without_pushdown(rows).where("reasons IS NULL")

    def account(self) -> FileAccount:
        """Trusted are the rows of persons."""
        (row,) = self.ids.agg(*(F.sum(f"{name}_rows").alias(name) for name in _SETS)).collect()
        counts = self._counts.get
        return account(
            self._lines.file,
            row["person"] + row["bad"],
            PERSONS,
            trusted=counts["rows"] - counts["copies"] - counts["bad"],
            duplicates=counts["copies"],
            quarantined=counts["bad"] + row["bad"],
            filtered=row["person"] - counts["rows"],
        )

    def rejected(self) -> DataFrame:
        """One row per rejected line, as `line`, with its `reasons`."""
        rows = without_pushdown(person_rows(self._lines, self._lines.rows))
        bad = rows.where("reasons IS NOT NULL").select("line", "reasons")
        return bad.unionByName(rejected_lines(marked_repeats(self._credited)))


def person_rows(names: Lines, rows: DataFrame) -> DataFrame:
    """One row per row with a `line` of name.basics: typed, with its `number` and `reasons`."""
    numbered = rows.select("line", id_number(cell(0)).alias("number"))
    typed = names.with_cells(numbered).withColumns(
        {
            "person_id": F.col("nconst"),
            "name": F.col("primaryName"),
            "birth_year": number("birthYear", "INT"),
            "death_year": number("deathYear", "INT"),
            "professions": listed("primaryProfession"),
            "known_for": listed("knownForTitles"),
        }
    )
    rules = [
        *names.rules(),
        Rule("nconst: not an IMDb person id", ~F.coalesce("person_id", F.lit("")).rlike(PERSON_ID)),
        *number_rules("birthYear", "birth_year", _EARLIEST_YEAR, names.latest_year),
        *number_rules("deathYear", "death_year", _EARLIEST_YEAR, names.latest_year),
    ]
    return reasons_against(typed, rules, ["line", "number", *PERSONS.names])


def person_ids(rows: DataFrame) -> DataFrame:
    """One row per 64 ids: the set `person`; the row without `block` counts the `bad` lines."""
    is_good = F.col("reasons").isNull()
    number = F.when(is_good, F.col("number")).alias("number")
    return id_blocks(rows.select(number, is_good.alias("person"), (~is_good).alias("bad")), *_SETS)


def credited_ids(credits: DataFrame) -> DataFrame:
    """One row per 64 ids of persons: the set `credited`."""
    numbers = credits.select(id_number("person_id").alias("number"), F.lit(True).alias("credited"))
    return id_blocks(numbers, "credited")
