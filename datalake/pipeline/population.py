"""Fetches the population from the star schema, once, and never more than the driver can hold."""

from collections.abc import Mapping, Sequence

import numpy as np
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from datalake.questions.population import Credits, Population, Seasons, Titles
from datalake.schemas.refined import (
    BRIDGE_TITLE_GENRE,
    DIM_GENRE,
    DIM_TITLE,
    FACT_CREDIT,
    FACT_SEASON,
    FACT_TITLE,
)

STAR = (DIM_TITLE, DIM_GENRE, BRIDGE_TITLE_GENRE, FACT_TITLE, FACT_CREDIT, FACT_SEASON)
"""The tables that it is fetched from."""

FETCH_LIMIT = 200_000
"""The answers are computed on so many titles at most: some 200 MB."""

_MEASURES = (
    *("start_year", "decade", "tmdb_id", "imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes"),
    *("popularity", "budget", "revenue", "runtime_minutes", "seasons", "episodes", "years_on_air"),
    "ended",
)


_OVER = ("Ended", "Canceled")
"""What TMDB says of series that are over."""


def fetch_population(star: Mapping[str, DataFrame], limit: int = FETCH_LIMIT) -> Population:
    """The population from the star's tables by name; `fact_title` holds one load.

    Of more than `limit` titles those with the lowest keys are taken: keys are hashes, so that
    is a sample at random that every run draws again.
    """
    genres = star["dim_genre"].where("in_scope").select("genre_key", "genre")
    frame = _titles(star, genres)
    rows = frame.orderBy("title_key").limit(limit + 1).collect()
    beyond_limit = {}
    if len(rows) > limit:
        rows = rows[:limit]
        beyond = frame.where(F.col("title_key") > rows[-1].title_key)
        beyond_limit = {row.kind: row["count"] for row in beyond.groupBy("kind").count().collect()}
    titles = _as_titles(rows)
    last = int(titles.key[-1]) if rows else -1
    in_scope = star["dim_title"].where("in_scope").where(F.col("title_key") <= last)
    in_scope = in_scope.select("title_key")
    return Population(
        titles,
        _as_credits(_credits(star["fact_credit"].join(in_scope, "title_key")).collect(), titles),
        _as_seasons(star["fact_season"].join(in_scope, "title_key").collect(), titles),
        tuple(sorted(row.genre for row in genres.collect())),
        beyond_limit,
        has_tmdb=bool(titles.known("tmdb_rating").any()),
    )


def newest_load(fact_title: DataFrame) -> DataFrame:
    """One row per title: those of the newest load."""
    newest = fact_title.agg(F.max("load_date").alias("load_date"))
    return fact_title.join(F.broadcast(newest), on="load_date", how="left_semi")


def _titles(star: Mapping[str, DataFrame], genres: DataFrame) -> DataFrame:
    """One row per title in scope; `genres` are those in scope, in order, joined by +."""
    genres_of_titles = (
        star["bridge_title_genre"]
        .join(F.broadcast(genres), on="genre_key", how="inner")
        .groupBy("title_key")
        .agg(F.array_join(F.array_sort(F.collect_set("genre")), "+").alias("genres"))
    )
    return (
        star["dim_title"]
        .where("in_scope")
        .join(star["fact_title"], on="title_key", how="inner")
        .join(genres_of_titles, on="title_key", how="left")
        .withColumn("ended", F.col("status").isin(*_OVER).cast("int"))
        .select("title_key", "primary_title", "kind", "genres", *_MEASURES)
    )


def _credits(fact_credit: DataFrame) -> DataFrame:
    """One row per title × person × role: creators, directors and the first billed.

    That is TMDB's first; on a title whose cast TMDB doesn't bill, IMDb's first actor.
    """
    billing = (F.col("cast_order").isNull(), F.coalesce("cast_order", "imdb_order"))
    makers = fact_credit.where(F.col("role").isin("creator", "director"))
    first_billed = (
        fact_credit.where("role = 'actor' and coalesce(cast_order, imdb_order) is not null")
        .groupBy("title_key")
        .agg(F.min(F.struct(*billing, "person_key")).alias("first"))
        .select("title_key", "first.person_key", F.lit("lead_actor").alias("role"))
    )
    columns = ("title_key", "person_key", "role")
    credits = makers.select(*columns).unionByName(first_billed)
    return credits.where("person_key != 0").orderBy(*columns)


def _as_titles(rows: Sequence[Row]) -> Titles:
    measures = np.array([row[4:] for row in rows], dtype=float).reshape(-1, len(_MEASURES))
    name, kind, genres = (np.array([row[i] or "" for row in rows], object) for i in (1, 2, 3))
    key = np.array([row[0] for row in rows], dtype=np.int64)
    return Titles(key, name, kind, genres, dict(zip(_MEASURES, measures.T, strict=True)))


def _as_credits(rows: Sequence[Row], titles: Titles) -> Credits:
    keys = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2)
    role = np.array([row[2] for row in rows], dtype=object)
    return Credits(np.searchsorted(titles.key, keys[:, 0]), keys[:, 1], role)


def _as_seasons(rows: Sequence[Row], titles: Titles) -> Seasons:
    columns = ("title_key", "air_year_key", "episodes", "is_special")
    keys = np.array([row[columns[0]] for row in rows], dtype=np.int64)
    year, episodes = (np.array([row[c] for row in rows], dtype=float) for c in columns[1:3])
    special = np.array([row[columns[3]] for row in rows], dtype=bool)
    year = np.where(year == 0, np.nan, year)
    return Seasons(np.searchsorted(titles.key, keys), year, episodes, special)
