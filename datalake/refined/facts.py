"""Trusted → the star's facts. No measure is repeated at a finer grain than its own."""

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.refined.keys import key, year_key
from datalake.schemas.kinds import Kind
from datalake.schemas.refined import FACT_CREDIT, FACT_SEASON, FACT_TITLE

_TMDB_MEASURES = ("tmdb_rating", "tmdb_votes", "popularity", "budget", "revenue")


def fact_title(titles: DataFrame, tmdb_titles: DataFrame, load_date: date) -> DataFrame:
    """One row per title and load."""
    tmdb = tmdb_titles.select(
        "title_id",
        *_TMDB_MEASURES,
        "seasons",
        "episodes",
        F.col("runtime_minutes").alias("tmdb_runtime"),
        F.year("last_air_date").alias("last_air_year"),
    )
    return (
        titles.join(tmdb, on="title_id", how="left")
        .withColumns(
            {
                "load_date": F.lit(load_date),
                "title_key": key("title_id"),
                "start_year_key": year_key(F.col("start_year")),
                "end_year_key": year_key(F.col("end_year")),
                "runtime_minutes": F.coalesce("runtime_minutes", "tmdb_runtime"),
                "years_on_air": _years_on_air(),
            }
        )
        .select(*FACT_TITLE.names)
    )


def _years_on_air() -> Column:
    last = F.coalesce("end_year", "last_air_year")
    years = last - F.col("start_year") + 1
    return F.when((F.col("kind") == Kind.SERIES.value) & (years > 0), years)


def fact_credit(credits: DataFrame, tmdb_credits: DataFrame) -> DataFrame:
    """One row per title × person × role; both inputs carry `person_key`."""
    is_actor = F.col("job").isin("actor", "actress")
    on_imdb = credits.select(
        key("title_id").alias("title_key"),
        "person_key",
        F.when(is_actor, "actor")
        .otherwise(F.coalesce(F.lower("job"), F.lit("unknown")))
        .alias("role"),
        F.lit(None).cast("int").alias("cast_order"),
        F.lit(None).cast("int").alias("episodes"),
        F.lit(True).alias("imdb"),
    )
    on_tmdb = tmdb_credits.select(
        key("title_id").alias("title_key"),
        "person_key",
        "role",
        "cast_order",
        "episodes",
        F.lit(False).alias("imdb"),
    )
    return (
        on_imdb.unionByName(on_tmdb)
        .groupBy("title_key", "person_key", "role")
        .agg(
            F.min("cast_order").alias("cast_order"),
            F.max("episodes").alias("episodes"),
            F.max("imdb").alias("on_imdb"),
            F.max(~F.col("imdb")).alias("on_tmdb"),
        )
        .select(*FACT_CREDIT.names)
    )


def fact_season(tmdb_seasons: DataFrame) -> DataFrame:
    """One row per series × season."""
    return tmdb_seasons.select(
        key("title_id").alias("title_key"),
        "season_number",
        year_key(F.year("air_date")).alias("air_year_key"),
        "episodes",
        (F.col("season_number") == 0).alias("is_special"),
    ).select(*FACT_SEASON.names)
