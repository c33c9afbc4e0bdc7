"""What the page shows, read from the lake and bounded, so that the page never outgrows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from datalake.schemas import ANSWERS, TABLES, Table
from datalake.schemas.refined import BRIDGE_TITLE_GENRE, DIM_GENRE, DIM_TITLE, FACT_TITLE
from datalake.schemas.trusted import RECONCILIATION, TMDB_TITLES

SCATTER_FILMS = 3_000

Row = Mapping[str, Any]
Read = Callable[[Table], DataFrame]


@dataclass(frozen=True)
class PageData:
    """Everything on the page; `answers` by table name, `films` for Q1's scatter.

    A film: title, year, budget, popularity, votes, and genre: the one in scope, or null for
    several of them.
    """

    answers: Mapping[str, Sequence[Row]]
    reconciliation: Sequence[Row]
    row_counts: Mapping[str, int]
    films: Sequence[Row]
    genres: Sequence[str]
    load_date: date | None
    tmdb_fetched_at: datetime | None
    version: str


def gather(read: Read, version: str) -> PageData:
    """The page's data from the lake's tables; of the facts, the newest load counts."""
    genres = read(DIM_GENRE).where("in_scope")
    load_date = read(FACT_TITLE).agg(F.max("load_date")).collect()[0][0]
    return PageData(
        answers={table.name: _rows(read(table).orderBy(*table.key)) for table in ANSWERS},
        reconciliation=_rows(read(RECONCILIATION).orderBy("source")),
        row_counts={f"{table.layer}.{table.name}": read(table).count() for table in TABLES},
        films=_rows(_films(read, genres, load_date)),
        genres=[row.genre for row in genres.orderBy("genre").collect()],
        load_date=load_date,
        tmdb_fetched_at=_newest_answer(read(TMDB_TITLES)),
        version=version,
    )


def _films(read: Read, genres: DataFrame, load_date: date | None) -> DataFrame:
    """One row per film with a budget and a popularity that a log scale can show: the lowest keys.

    Keys are hashes, so that is a sample at random, and the same in every run.
    """
    of_scope = (
        read(BRIDGE_TITLE_GENRE)
        .join(genres.select("genre_key", "genre"), on="genre_key", how="inner")
        .groupBy("title_key")
        .agg(F.min("genre").alias("first"), F.max("genre").alias("last"))
    )
    return (
        read(FACT_TITLE)
        .where((F.col("load_date") == F.lit(load_date)) & F.expr("budget > 0 and popularity > 0"))
        .join(read(DIM_TITLE).where("in_scope and kind = 'movie'"), on="title_key", how="inner")
        .join(of_scope, on="title_key", how="inner")
        .orderBy("title_key")
        .limit(SCATTER_FILMS)
        .select(
            F.col("primary_title").alias("title"),
            F.col("start_year").alias("year"),
            *("budget", "popularity", F.col("imdb_votes").alias("votes")),
            F.when(F.col("first") == F.col("last"), F.col("first")).alias("genre"),
        )
    )


def _newest_answer(tmdb_titles: DataFrame) -> datetime | None:
    # In seconds: a collected timestamp would come in the time zone of this machine.
    newest = tmdb_titles.agg(F.max(F.col("fetched_at").cast("long"))).collect()[0][0]
    return None if newest is None else datetime.fromtimestamp(newest, UTC)


def _rows(frame: DataFrame) -> list[Row]:
    return [row.asDict() for row in frame.collect()]
