"""Entity resolution: IMDb's file names artists without an id, TMDB has person ids.

An artist is the TMDB person whom the title's TMDB credits call by the same name. Where the
birth year is known and all of an artist's titles agree on the person, titles that TMDB wasn't
asked for follow. All others are a name and a birth year.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.refined.keys import key

_ARTIST = ["name", "birth_year"]


def with_person(credits: DataFrame, matches: DataFrame) -> DataFrame:
    """One row per IMDb credit, with `tmdb_person_id` where matched and `person_key`."""
    return (
        _left_join(credits, matches, ["title_id", *_ARTIST])
        .transform(lambda rows: _left_join(rows, _consistent_matches(matches), _ARTIST))
        .withColumn("tmdb_person_id", F.coalesce("named_id", "consistent_id"))
        .withColumn("person_key", person_key())
        .drop("named_id", "consistent_id")
    )


def tmdb_persons(tmdb_credits: DataFrame) -> DataFrame:
    """One row per TMDB credit, with its `person_key`."""
    return tmdb_credits.withColumn("birth_year", F.lit(None).cast("int")).withColumn(
        "person_key", person_key()
    )


def person_key() -> Column:
    """The key of `tmdb_person_id`, else of `name` and `birth_year`."""
    by_id, by_name = key("tmdb_person_id"), key("name", "birth_year")
    return F.when(F.col("tmdb_person_id").isNotNull(), by_id).otherwise(by_name)


def named_by_tmdb(credits: DataFrame, tmdb_credits: DataFrame) -> DataFrame:
    """One row per title × artist that TMDB names: one artist and one TMDB person of that name."""
    people = tmdb_credits.select(
        "title_id", F.lower("name").alias("lower_name"), "tmdb_person_id"
    ).distinct()
    artist, person = F.struct(*_ARTIST), F.col("tmdb_person_id")
    return (
        credits.withColumn("lower_name", F.lower("name"))
        .join(people, on=["title_id", "lower_name"], how="inner")
        .groupBy("title_id", "lower_name")
        .agg(
            *(F.min(artist).alias("artist"), F.max(artist).alias("other_artist")),
            *(F.min(person).alias("named_id"), F.max(person).alias("other_id")),
        )
        .where("artist <=> other_artist AND named_id = other_id")
        .select("title_id", "artist.*", "named_id")
    )


def _consistent_matches(matches: DataFrame) -> DataFrame:
    """One row per artist with a birth year whose titles all match the same TMDB person."""
    return (
        matches.where("birth_year IS NOT NULL")
        .groupBy(*_ARTIST)
        .agg(F.min("named_id").alias("consistent_id"), F.max("named_id").alias("other_id"))
        .where("consistent_id = other_id")
        .drop("other_id")
    )


def _left_join(rows: DataFrame, other: DataFrame, on: list[str]) -> DataFrame:
    """A left join in which null equals null: an unknown birth year matches an unknown one."""
    renamed = [F.col(name).alias(f"_{name}") for name in on]
    columns = [name for name in other.columns if name not in on]
    same = [F.col(name).eqNullSafe(F.col(f"_{name}")) for name in on]
    return rows.join(other.select(*renamed, *columns), on=same, how="left").drop(
        *(f"_{name}" for name in on)
    )
