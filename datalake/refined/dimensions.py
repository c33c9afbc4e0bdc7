"""Trusted → the star's dimensions, each with its unknown member (key 0)."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.refined.keys import UNKNOWN, key
from datalake.schemas.refined import (
    BRIDGE_TITLE_GENRE,
    DIM_GENRE,
    DIM_PERSON,
    DIM_TITLE,
    DIM_YEAR,
)
from datalake.schemas.table import Table


def dim_title(titles: DataFrame, tmdb_titles: DataFrame, genres: Sequence[str]) -> DataFrame:
    """One row per title, films and series alike."""
    tmdb = tmdb_titles.select(
        *("title_id", "tmdb_id", "original_language", "status", "release_date", "collection_id")
    )
    has_genre = F.arrays_overlap("genres", F.array(*map(F.lit, genres)))
    rows = titles.join(tmdb, on="title_id", how="left").withColumns(
        {
            "title_key": key("title_id"),
            "decade": _decade(F.col("start_year")),
            "in_scope": F.coalesce(has_genre, F.lit(False)),
        }
    )
    return _with_unknown(DIM_TITLE, rows, primary_title="(unknown)", in_scope=False)


def dim_person(credits: DataFrame, tmdb_credits: DataFrame, persons: DataFrame) -> DataFrame:
    """One row per person of the credits without person id, of TMDB's credits, or of `persons`.

    All three carry `tmdb_person_id`, both kinds of credits `person_key`, TMDB's also `person_id`.
    """
    years = ["birth_year", "death_year"]
    unmatched = credits.where("tmdb_person_id IS NULL AND name IS NOT NULL")
    by_name = (
        unmatched.groupBy("name", "birth_year")
        .agg(_unanimous("death_year"))
        .withColumn("tmdb_person_id", F.lit(None).cast("long"))
        .withColumn("person_key", key("name", "birth_year"))
    )
    by_id = (
        credits.where("tmdb_person_id IS NOT NULL")
        .select("person_key", "tmdb_person_id", "name", *years)
        .unionByName(
            tmdb_credits.where("person_id IS NULL").select("person_key", "tmdb_person_id", "name"),
            allowMissingColumns=True,
        )
        .groupBy("person_key", "tmdb_person_id")
        .agg(F.min("name").alias("name"), *map(_unanimous, years))
    )
    without_id = by_name.unionByName(by_id).withColumn("person_id", F.lit(None).cast("string"))
    with_id = persons.withColumn("person_key", key("person_id"))
    rows = without_id.unionByName(with_id.select(*without_id.columns))
    return _with_unknown(DIM_PERSON, rows, name="(unknown)")


def dim_genre(titles: DataFrame, genres: Sequence[str]) -> DataFrame:
    """One row per IMDb genre."""
    rows = (
        titles.select(F.explode("genres").alias("genre"))
        .distinct()
        .withColumn("genre_key", key("genre"))
        .withColumn("in_scope", F.col("genre").isin(*genres))
    )
    return _with_unknown(DIM_GENRE, rows, genre="(unknown)", in_scope=False)


def bridge_title_genre(titles: DataFrame) -> DataFrame:
    """One row per title × genre; a title without genre has the unknown one."""
    no_genre = F.array(F.lit(None).cast("string"))
    genres = F.when(F.size("genres") > 0, F.array_distinct("genres")).otherwise(no_genre)
    return (
        titles.select(key("title_id").alias("title_key"), genres.alias("genres"))
        .select(
            "title_key", F.explode("genres").alias("genre"), (1 / F.size("genres")).alias("weight")
        )
        .withColumn("genre_key", key("genre"))
        .select(*BRIDGE_TITLE_GENRE.names)
    )


def dim_year(fact_title: DataFrame, fact_season: DataFrame) -> DataFrame:
    """One row per calendar year, from the first to the last that a fact refers to."""
    years = (
        fact_title.select(F.explode(F.array("start_year_key", "end_year_key")).alias("year"))
        .unionByName(fact_season.select(F.col("air_year_key").alias("year")))
        .where(F.col("year") != UNKNOWN)
        .agg(F.sequence(F.min("year"), F.max("year")).alias("years"))
    )
    rows = years.select(F.explode("years").alias("year")).withColumns(
        {
            "year_key": F.col("year"),
            "decade": _decade(F.col("year")),
            "century": F.ceil(F.col("year") / 100).cast("int"),
        }
    )
    return _with_unknown(DIM_YEAR, rows)


def _decade(year: Column) -> Column:
    return year - year % 10


def _unanimous(name: str) -> Column:
    """An aggregate: the value that all rows agree on; null where they differ."""
    return F.when(F.min(name) == F.max(name), F.min(name)).alias(name)


def _with_unknown(table: Table, rows: DataFrame, **values: str | bool) -> DataFrame:
    unknown_values = {table.key[0]: UNKNOWN} | values
    unknown = rows.sparkSession.range(1).select(
        *(F.lit(unknown_values.get(c.name)).cast(c.type).alias(c.name) for c in table.columns)
    )
    return rows.select(*table.names).unionByName(unknown)
