"""title.episode → episodes, with their year and rating."""

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from datalake.schemas.trusted import EPISODES
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
from datalake.sources.imdb_datasets.repeats import first_of_each_id, marked_repeats, rejected_lines
from datalake.sources.imdb_datasets.titles import TITLE_SETS
from datalake.trusted.parsing import number
from datalake.trusted.rules import Rule, reasons_against
from datalake.trusted.rules import number as number_rules

_MOST = 1_000_000
_ARE_IDS = F.expr(cell(0)).rlike(TITLE_ID) & F.expr(cell(1)).rlike(TITLE_ID)


class Episodes:
    """title.episode: the episodes of the lake's series, and what became of its lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._counts, self._fates = lines, Observation(), FateCounter(lines.file)

    def episodes(self, title_ids: DataFrame, years: DataFrame, ratings: DataFrame) -> DataFrame:
        """One row per episode; years and ratings have one row per `number`."""
        self._classified = classified_episodes(self._lines, title_ids)
        # Before the cells are split, for a line is less to shuffle, and one task reads the file.
        kept = self._fates.keep(self._classified).repartition("number")
        first = first_of_each_id(episode_rows(self._lines, kept), self._counts)
        rated = first.join(years, on="number", how="left").join(ratings, on="number", how="left")
        return rated.select(*EPISODES.names)

    def account(self) -> FileAccount:
        """Trusted are the rows of episodes."""
        counts = self._counts.get
        fates = self._fates.counts(any_kept=counts["rows"] > 0)
        return account(
            self._lines.file,
            fates["rows"],
            EPISODES,
            trusted=counts["rows"] - counts["copies"] - counts["bad"],
            duplicates=counts["copies"],
            quarantined=counts["bad"] + fates[BAD],
            filtered=fates[FILTERED],
            dangling=fates[DANGLING],
        )

    def rejected(self) -> DataFrame:
        """One row per rejected line, as `line`, with its `reasons`."""
        rows = episode_rows(self._lines, kept_or_bad(self._classified))
        return rejected_lines(marked_repeats(rows))


def classified_episodes(episodes: Lines, title_ids: DataFrame) -> DataFrame:
    """One row per line of title.episode: `number`, and its `fate`, null where the lake has it."""
    numbered = episodes.rows.withColumns(
        {"number": id_number(cell(0)), "parent": id_number(cell(1))}
    )
    parents = look_up(numbered, "parent", title_ids, *TITLE_SETS).select(
        *("line", "number", F.col("series").alias("of_lake")),
        (F.col("film") | F.col("other")).alias("of_other"),
    )
    known = F.col("film") | F.col("series") | F.col("other")
    fate = (
        F.when(F.col("of_other"), FILTERED)
        .when(F.col("of_lake") & known, F.lit(None))
        .otherwise(F.when(_ARE_IDS, DANGLING).otherwise(BAD))
    )
    return look_up(parents, "number", title_ids, *TITLE_SETS).select(
        "line", "number", fate.alias("fate")
    )


def episode_rows(episodes: Lines, rows: DataFrame) -> DataFrame:
    """One row per row that has a `line` of title.episode: typed, with `reasons` against it."""
    typed = episodes.with_cells(rows.select("line", "number")).withColumns(
        {
            "episode_id": F.col("tconst"),
            "series_id": F.col("parentTconst"),
            "season_number": number("seasonNumber", "INT"),
            "episode_number": number("episodeNumber", "INT"),
        }
    )
    rules = [
        *episodes.rules(),
        *(
            Rule(f"{name}: not an IMDb title id", ~F.coalesce(name, F.lit("")).rlike(TITLE_ID))
            for name in ("tconst", "parentTconst")
        ),
        *number_rules("seasonNumber", "season_number", 0, _MOST),
        *number_rules("episodeNumber", "episode_number", 0, _MOST),
    ]
    columns = ["episode_id", "series_id", "season_number", "episode_number"]
    return reasons_against(typed, rules, ["line", "number", *columns])
