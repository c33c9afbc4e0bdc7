"""Entity resolution: which IMDb person is which TMDB person.

A person is identified by IMDb's person id where the source has one; else by TMDB's, else by name
and birth year. The sources are matched title by title: an artist is the TMDB person of the same
name in the title's TMDB credits. Where an artist without an id has a birth year, and all matched
titles agree on the person, the match extends to the artist's other titles. An IMDb id and a TMDB
person are the same where all titles agree on both.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.refined.keys import key

_ARTIST = ["name", "birth_year"]


def with_person(credits: DataFrame, matches: DataFrame) -> DataFrame:
    """One row per IMDb credit without person id, with `tmdb_person_id` where matched, and its key.

    `matches` are those of `named_by_tmdb`.
    """
    matches = matches.drop("person_id")
    return (
        _left_join(credits, matches, ["title_id", *_ARTIST])
        .transform(lambda rows: _left_join(rows, _consistent_matches(matches), _ARTIST))
        .withColumn("tmdb_person_id", F.coalesce("named_id", "consistent_id"))
        .withColumn("person_key", person_key())
        .drop("named_id", "consistent_id")
    )


def with_person_id(credits: DataFrame) -> DataFrame:
    """One row per IMDb credit with a person id, with its `person_key`."""
    return credits.withColumn("tmdb_person_id", F.lit(None).cast("long")).withColumn(
        "person_key", key("person_id")
    )


def with_names(credits: DataFrame, persons: DataFrame, tmdb_credits: DataFrame) -> DataFrame:
    """One row per credit with a person id of a title in `tmdb_credits`, with the person's name."""
    on_tmdb = credits.join(tmdb_credits.select("title_id"), on="title_id", how="left_semi")
    names = persons.select("person_id", *_ARTIST)
    named = on_tmdb.drop(*_ARTIST).join(names, on="person_id", how="inner")
    return named.select(*credits.columns)


def tmdb_persons(tmdb_credits: DataFrame, same_persons: DataFrame) -> DataFrame:
    """One row per TMDB credit, with its `person_key`, and `person_id` where IMDb has the person.

    `same_persons` are those of `one_to_one`.
    """
    return (
        tmdb_credits.join(same_persons, on="tmdb_person_id", how="left")
        .withColumn("birth_year", F.lit(None).cast("int"))
        .withColumn("person_key", person_key())
    )


def person_key() -> Column:
    """The key of `person_id`, else of `tmdb_person_id`, else of `name` and `birth_year`."""
    return (
        F.when(F.col("person_id").isNotNull(), key("person_id"))
        .when(F.col("tmdb_person_id").isNotNull(), key("tmdb_person_id"))
        .otherwise(key("name", "birth_year"))
    )


def named_by_tmdb(credits: DataFrame, tmdb_credits: DataFrame) -> DataFrame:
    """One row per title × name that one artist and one TMDB person of the title have.

    An artist is a `person_id` where there is one, a name and a birth year where there is none.
    """
    people = tmdb_credits.select(
        "title_id", F.lower("name").alias("lower_name"), "tmdb_person_id"
    ).distinct()
    artist, person = F.struct("person_id", *_ARTIST), F.col("tmdb_person_id")
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


def one_to_one(matches: DataFrame) -> DataFrame:
    """One row per `person_id` whose titles all match one `tmdb_person_id`, and back."""
    pairs = matches.where("person_id IS NOT NULL").select(
        "person_id", F.col("named_id").alias("tmdb_person_id")
    )
    agreed = _agreed(pairs, "person_id", "tmdb_person_id")
    agreed_back = _agreed(pairs, "tmdb_person_id", "person_id")
    return agreed.join(agreed_back, on=["person_id", "tmdb_person_id"], how="left_semi")


def _agreed(pairs: DataFrame, name: str, other: str) -> DataFrame:
    """One row per value of the column `name` that has one value of `other` in all its pairs."""
    bounds = pairs.groupBy(name).agg(F.min(other).alias(other), F.max(other).alias("_last"))
    return bounds.where(F.col(other) == F.col("_last")).drop("_last")


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
