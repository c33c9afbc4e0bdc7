"""Raw → Trusted: every title and credit of the newest files, and TMDB's newest answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from datalake.core.errors import QualityError
from datalake.core.settings import Settings
from datalake.schemas import Table
from datalake.schemas import trusted as schema
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv import tables as imdb
from datalake.sources.imdb_csv.lines import lines as cut
from datalake.sources.imdb_csv.raw import FILE_NAMES, SourceFile, newest_source_file
from datalake.sources.tmdb import tables as tmdb
from datalake.sources.tmdb.raw import response_files
from datalake.spark.readers import read_answers, read_lines
from datalake.spark.tables import Tables

_YEARS_AHEAD = 5


@dataclass(frozen=True)
class Counts:
    """One source file's rows, accounted for: raw = trusted + duplicates + quarantined."""

    snapshot: SourceFile
    read: int
    distinct: int
    quarantined: int

    @property
    def duplicates(self) -> int:
        """Rows that copy another one."""
        return self.read - self.distinct

    @property
    def trusted(self) -> int:
        """Rows that reach Trusted."""
        return self.distinct - self.quarantined


def build_trusted(tables: Tables, settings: Settings) -> list[Counts]:
    """Clean and type Raw's newest files and answers; `QualityError` where too much is bad."""
    snapshots = [newest_source_file(settings.lake, kind, settings.day) for kind in Kind]
    checks = imdb.RuleContext(
        latest_year=max(snapshot.day.year for snapshot in snapshots) + _YEARS_AHEAD,
        damaged=any(snapshot.damaged for snapshot in snapshots),
    )
    distinct = Observation()
    raw = read_lines(tables.spark, settings.lake, {s.key: s.kind.value for s in snapshots})
    lines = cut(raw, snapshots)
    with tables.step():
        heads = imdb.resolve_conflicts(imdb.heads(lines, checks).persist())
        titles = tables.stage(schema.TITLES, imdb.titles(heads, snapshots).hint("rebalance"))
        doubtful = imdb.doubtful(heads).persist()
        rows = imdb.rows(lines, doubtful, checks, distinct)
        credits = imdb.credits(rows)
        answers = _answers(tables, settings).persist()
        tables.stage_all({schema.CREDITS: credits, **_tmdb_tables(answers, titles, settings)})

        read = _of_kind(raw)
        counts = [_counts(snapshot, read, distinct.get) for snapshot in snapshots]
        _check(counts, tables.staged_rows(schema.CREDITS), settings.max_bad_share)
        any_bad = any(count.quarantined for count in counts)
        rejected = imdb.quarantined(rows if any_bad else rows.limit(0), snapshots)
        rejected = rejected.unionByName(tmdb.quarantined(answers))
        tables.stage(schema.QUARANTINE, rejected.coalesce(1))
        tables.stage(schema.RECONCILIATION, _reconciliation(counts, titles))
    return counts


def _of_kind(rows: DataFrame) -> dict[str, int]:
    """How many rows of each kind, counted anew.

    Metrics observed before a shuffle count those tasks twice that ran again for a lost machine.
    """
    return {row["kind"]: row["count"] for row in rows.groupBy("kind").count().collect()}


def _counts(snapshot: SourceFile, read: Mapping[str, int], distinct: Mapping[str, int]) -> Counts:
    kind, header = snapshot.kind.value, 1
    return Counts(snapshot, read[kind] - header, distinct[f"{kind}_rows"], distinct[f"{kind}_bad"])


def _check(counts: list[Counts], written: int, max_bad_share: float) -> None:
    """No row vanishes, and few are bad; else `QualityError`, and nothing is published."""
    for count in counts:
        name, raw = count.snapshot.key, count.snapshot.rows
        if count.read != raw:
            raise QualityError(f"{name}: {count.read} rows read, {raw} in the manifest")
        if count.quarantined > max_bad_share * raw:
            raise QualityError(
                f"{name}: {count.quarantined} of {raw} rows are bad, more than --max-bad-share"
                f" {max_bad_share:g}; nothing was published"
            )
    if written != (expected := sum(count.trusted for count in counts)):
        raise QualityError(f"Trusted.credits: {written} rows written, not {expected}")


def _reconciliation(counts: list[Counts], titles: DataFrame) -> DataFrame:
    """One row per source file; from literals, for a local list would start a Python worker."""
    of_kind = _of_kind(titles)
    rows = [
        titles.sparkSession.range(1).select(
            F.lit(FILE_NAMES[count.snapshot.kind]).alias("source"),
            F.lit(count.snapshot.id).alias("snapshot"),
            F.lit(count.snapshot.day).alias("day"),
            F.lit(count.snapshot.rows).cast("long").alias("raw_rows"),
            F.lit(count.trusted).cast("long").alias("trusted_rows"),
            F.lit(count.duplicates).cast("long").alias("exact_duplicates"),
            F.lit(count.quarantined).cast("long").alias("quarantined_rows"),
            F.lit(of_kind.get(count.snapshot.kind.value, 0)).cast("long").alias("titles"),
        )
        for count in counts
    ]
    return reduce(DataFrame.unionByName, rows).coalesce(1)


def _answers(tables: Tables, settings: Settings) -> DataFrame:
    """One row per TMDB answer in Raw, of the run's day or before."""
    keys = response_files(settings.lake, settings.day)
    return tmdb.answers(read_answers(tables.spark, settings.lake, keys, tmdb.ANSWER, tmdb.CORRUPT))


def _tmdb_tables(
    answers: DataFrame, titles: DataFrame, settings: Settings
) -> dict[Table, DataFrame]:
    found = tmdb.found(answers, titles)
    genres = F.array(*map(F.lit, settings.genres))
    in_scope = titles.where(F.arrays_overlap("genres", genres))
    return {
        schema.TMDB_TITLES: tmdb.tmdb_titles(found).hint("rebalance"),
        schema.TMDB_CREDITS: tmdb.tmdb_credits(found),
        schema.TMDB_SEASONS: tmdb.tmdb_seasons(found),
        schema.TMDB_COVERAGE: tmdb.tmdb_coverage(answers, in_scope).coalesce(1),
    }
