"""Trusted → the star's facts. No measure is repeated at a finer grain than its own."""

from datetime import date
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.refined.keys import key, year_key
from datalake.schemas.kinds import Kind
from datalake.schemas.refined import FACT_CREDIT, FACT_SEASON, FACT_TITLE

_CREATORS = ("creator", "co-creator", "created by", "co-created by")
_TMDB_MEASURES = ("tmdb_rating", "tmdb_votes", "popularity", "budget", "revenue")


class LoadDays(NamedTuple):
    """The day of a load's newest source, and that of the newest of IMDb's."""

    day: date
    imdb_day: date


def fact_title(
    titles: DataFrame, tmdb_titles: DataFrame, imdb_seasons: DataFrame, load: LoadDays
) -> DataFrame:
    """One row per title and load."""
    tmdb = tmdb_titles.select(
        "title_id",
        *_TMDB_MEASURES,
        "fetched_at",
        F.col("seasons").alias("tmdb_seasons"),
        F.col("episodes").alias("tmdb_episodes"),
        F.col("runtime_minutes").alias("tmdb_runtime"),
        F.year("last_air_date").alias("last_air_year"),
    )
    return (
        titles.join(tmdb, on="title_id", how="left")
        .join(_imdb_episodes(imdb_seasons), on="title_id", how="left")
        .withColumns(
            {
                "load_date": F.lit(load.day),
                "imdb_day": F.lit(load.imdb_day),
                "title_key": key("title_id"),
                "start_year_key": year_key(F.col("start_year")),
                "end_year_key": year_key(F.col("end_year")),
                "runtime_minutes": F.coalesce("runtime_minutes", "tmdb_runtime"),
                "seasons": F.coalesce("tmdb_seasons", "imdb_seasons"),
                "episodes": F.coalesce("tmdb_episodes", "imdb_episodes"),
                "years_on_air": _years_on_air(),
            }
        )
        .select(*FACT_TITLE.names)
    )


def _imdb_episodes(imdb_seasons: DataFrame) -> DataFrame:
    """One row per series: its seasons, and its episodes, including those without a season."""
    seasons = F.count("season_number")  # the row of episodes without season isn't counted
    regular = imdb_seasons.where("season_number IS NULL OR season_number > 0")
    return regular.groupBy("title_id").agg(
        F.when(seasons > 0, seasons).cast("int").alias("imdb_seasons"),
        F.sum("episodes").cast("int").alias("imdb_episodes"),
    )


def _years_on_air() -> Column:
    last = F.coalesce("end_year", "last_air_year")
    years = last - F.col("start_year") + 1
    return F.when((F.col("kind") == Kind.SERIES.value) & (years > 0), years)


def fact_credit(credits: DataFrame, tmdb_credits: DataFrame) -> DataFrame:
    """One row per title × person × role; both inputs carry `person_key`."""
    is_actor = F.col("job").isin("actor", "actress")
    # IMDb credits creators as writers. «based on characters created by» is not among `_CREATORS`.
    is_creator = (F.col("job") == "writer") & F.lower("job_text").isin(*_CREATORS)
    on_imdb = credits.select(
        key("title_id").alias("title_key"),
        "person_key",
        F.when(is_actor, "actor")
        .when(is_creator, "creator")
        .otherwise(F.coalesce(F.lower("job"), F.lit("unknown")))
        .alias("role"),
        F.lit(None).cast("int").alias("cast_order"),
        F.col("ordering").alias("imdb_order"),
        F.lit(None).cast("int").alias("episodes"),
        F.lit(True).alias("imdb"),
    )
    on_tmdb = tmdb_credits.select(
        key("title_id").alias("title_key"),
        "person_key",
        "role",
        "cast_order",
        F.lit(None).cast("int").alias("imdb_order"),
        "episodes",
        F.lit(False).alias("imdb"),
    )
    return (
        on_imdb.unionByName(on_tmdb)
        .groupBy("title_key", "person_key", "role")
        .agg(
            F.min("cast_order").alias("cast_order"),
            F.min("imdb_order").alias("imdb_order"),
            F.max("episodes").alias("episodes"),
            F.max("imdb").alias("on_imdb"),
            F.max(~F.col("imdb")).alias("on_tmdb"),
        )
        .select(*FACT_CREDIT.names)
    )


def imdb_seasons(episodes: DataFrame) -> DataFrame:
    """One row per series × season of IMDb's episodes; one more for those without season number."""
    return episodes.groupBy(F.col("series_id").alias("title_id"), "season_number").agg(
        F.count("*").cast("int").alias("episodes"), F.min("start_year").alias("air_year")
    )


def fact_season(tmdb_seasons: DataFrame, imdb_seasons: DataFrame) -> DataFrame:
    """One row per series × season: TMDB's, and IMDb's of series of which TMDB has none."""
    tmdb = tmdb_seasons.withColumn("air_year", F.year("air_date"))
    on_tmdb = tmdb.select("title_id").distinct()
    imdb = imdb_seasons.where("season_number IS NOT NULL").join(on_tmdb, "title_id", "left_anti")
    columns = ("title_id", "season_number", "air_year", "episodes", "source")
    return (
        tmdb.withColumn("source", F.lit("tmdb"))
        .select(*columns)
        .unionByName(imdb.withColumn("source", F.lit("imdb")).select(*columns))
        .withColumns(
            {
                "title_key": key("title_id"),
                "air_year_key": year_key(F.col("air_year")),
                "is_special": F.col("season_number") == 0,
            }
        )
        .select(*FACT_SEASON.names)
    )
