"""title.ratings → the ratings of titles and episodes."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from datalake.sources.cleaned import FileAccount
from datalake.sources.imdb_datasets.id_blocks import id_number, look_up
from datalake.sources.imdb_datasets.lines import (
    BAD,
    DANGLING,
    TITLE_ID,
    Lines,
    account,
    cell,
)
from datalake.sources.imdb_datasets.repeats import marked_repeats, rejected_lines
from datalake.sources.imdb_datasets.titles import TITLE_SETS
from datalake.trusted.parsing import decimal, number
from datalake.trusted.rules import Rule, reasons_against
from datalake.trusted.rules import number as number_rules

_COPY, _OF_LAKE, _OTHER = "copies", "of_lake", "other"


class Ratings:
    """title.ratings: the rating of each title or episode, and what became of its lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._rows = rating_rows(lines).persist()

    def rows(self) -> DataFrame:
        """One row per rated `number`."""
        good = self._rows.where("reasons IS NULL AND NOT is_copy")
        return good.select("number", "imdb_rating", "imdb_votes")

    def account(self, title_ids: DataFrame, rated_episodes: int) -> FileAccount:
        """Trusted are the rows of the lake's titles, and of its `rated_episodes`."""
        counts = rows_by_use(self._rows, title_ids)
        return account(
            self._lines.file,
            sum(counts.values()),
            trusted=counts[_OF_LAKE] + rated_episodes,
            duplicates=counts[_COPY],
            quarantined=counts[BAD],
            filtered=counts[_OTHER] - rated_episodes,
            dangling=counts[DANGLING],
        )

    def rejected(self) -> DataFrame:
        """One row per rejected line, as `line`, with its `reasons`."""
        return rejected_lines(self._rows)


def rating_rows(ratings: Lines) -> DataFrame:
    """One row per line of title.ratings, typed, with `number`, `reasons` and `is_copy`."""
    numbered = ratings.rows.withColumn("number", id_number(cell(0)))
    typed = ratings.with_cells(numbered).withColumns(
        {"imdb_rating": decimal("averageRating"), "imdb_votes": number("numVotes", "INT")}
    )
    rules = [
        *ratings.rules(),
        Rule("tconst: not an IMDb title id", ~F.coalesce("tconst", F.lit("")).rlike(TITLE_ID)),
        *number_rules("averageRating", "imdb_rating", 1, 10),
        *number_rules("numVotes", "imdb_votes", 0, 2_000_000_000),
    ]
    columns = ["line", "number", "imdb_rating", "imdb_votes"]
    return marked_repeats(reasons_against(typed, rules, columns))


def rows_by_use(rows: DataFrame, title_ids: DataFrame) -> dict[str, int]:
    """How many of the rows are copies, bad, dangling, of the lake's titles, or of others."""
    use = (
        F.when(F.col("is_copy"), _COPY)
        .when(F.col("reasons").isNotNull(), BAD)
        .when(F.col("film") | F.col("series"), _OF_LAKE)
        .otherwise(F.when(F.col("other"), _OTHER).otherwise(DANGLING))
    )
    looked_up = look_up(rows, "number", title_ids, *TITLE_SETS)
    rows_of_use = looked_up.groupBy(use.alias("use")).count().collect()
    counts = {row["use"]: row["count"] for row in rows_of_use}
    return {name: counts.get(name, 0) for name in (_COPY, BAD, DANGLING, _OF_LAKE, _OTHER)}
