"""Parsed responses → titles, credits and seasons as TMDB has them.

TMDB writes 0 and "" for what it does not know; here both become null.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import (
    TMDB_COVERAGE,
    TMDB_CREDITS,
    TMDB_SEASONS,
    TMDB_TITLES,
)
from datalake.sources.tmdb.parse import OUTCOMES, date_of, text_of


def found_titles(responses: DataFrame, titles: DataFrame) -> DataFrame:
    """One row per title of the files that TMDB has as the same kind: its newest response."""
    of_kind = titles.select("title_id", "kind")
    newest = responses.where("newest AND outcome = 'found'")
    return newest.join(of_kind, on=["title_id", "kind"], how="left_semi")


def tmdb_titles(responses: DataFrame) -> DataFrame:
    """One row per title found on TMDB."""
    body = F.col("body")
    is_film = F.col("kind") == Kind.MOVIE.value
    return responses.select(
        "title_id",
        "kind",
        "tmdb_id",
        text_of(F.coalesce(body["title"], body["name"])).alias("title"),
        text_of(body["original_language"]).alias("original_language"),
        date_of(F.coalesce(body["release_date"], body["first_air_date"])).alias("release_date"),
        date_of(body["last_air_date"]).alias("last_air_date"),
        _positive(F.coalesce(body["runtime"], F.get(body["episode_run_time"], F.lit(0)))).alias(
            "runtime_minutes"
        ),
        F.when(is_film, _positive(body["budget"])).alias("budget"),
        F.when(is_film, _positive(body["revenue"])).alias("revenue"),
        body["popularity"].alias("popularity"),
        F.when(body["vote_count"] > 0, _positive(body["vote_average"])).alias("tmdb_rating"),
        body["vote_count"].alias("tmdb_votes"),
        text_of(body["status"]).alias("status"),
        F.array_compact(body["genres"]["name"]).alias("genres"),
        F.when(is_film, _positive(body["belongs_to_collection"]["id"])).alias("collection_id"),
        F.when(~is_film, _positive(body["number_of_seasons"])).alias("seasons"),
        F.when(~is_film, _positive(body["number_of_episodes"])).alias("episodes"),
        "fetched_at",
    ).select(*TMDB_TITLES.names)


def tmdb_credits(responses: DataFrame) -> DataFrame:
    """One row per title × person × role; a person's characters in a title are joined by /."""
    body = F.col("body")
    credits = (
        _people(responses, body["credits"]["cast"], "'actor'", "p.character", "p.`order`", "null")
        .unionByName(_people(responses, body["credits"]["crew"], "lower(p.job)"))
        .unionByName(_people(responses, body["created_by"], "'creator'"))
        .unionByName(
            _people(
                responses,
                body["aggregate_credits"]["cast"],
                "'actor'",
                "array_join(array_distinct(p.roles.character), ' / ')",
                "p.`order`",
                "p.total_episode_count",
            )
        )
        .unionByName(
            _people(
                responses.withColumn("jobs", F.expr(_JOB_ROWS)),
                F.col("jobs"),
                "lower(p.job)",
                episodes="p.episodes",
            )
        )
    )
    characters = F.array_join(F.array_sort(F.collect_set(text_of(F.col("character")))), " / ")
    return (
        credits.where("tmdb_person_id IS NOT NULL AND role IS NOT NULL")
        .groupBy("title_id", "tmdb_person_id", "role")
        .agg(
            F.min("name").alias("name"),
            text_of(characters).alias("character"),
            F.min("cast_order").alias("cast_order"),
            F.max("episodes").alias("episodes"),
        )
        .select(*TMDB_CREDITS.names)
    )


# A member without jobs is left out: one null among the lists would make all of `flatten` null.
_JOB_ROWS = """
    flatten(transform(filter(body.aggregate_credits.crew, member -> member.jobs IS NOT NULL),
        member -> transform(member.jobs, work ->
            struct(member.id AS id, member.name AS name, work.job AS job,
                   work.episode_count AS episodes))))
"""


def _people(
    responses: DataFrame,
    people: Column,
    role: str,
    character: str = "null",
    order: str = "null",
    episodes: str = "null",
) -> DataFrame:
    """One row per entry of the array `people` (as `p`); the rest are SQL expressions over it."""
    return responses.select("title_id", F.explode(people).alias("p")).selectExpr(
        "title_id",
        "p.id AS tmdb_person_id",
        "p.name AS name",
        f"{role} AS role",
        f"CAST({character} AS STRING) AS character",
        f"CAST({order} AS INT) AS cast_order",
        f"CAST({episodes} AS INT) AS episodes",
    )


def tmdb_seasons(responses: DataFrame) -> DataFrame:
    """One row per series × season."""
    season = F.col("season")
    return (
        responses.select("title_id", F.explode("body.seasons").alias("season"))
        .where(season["season_number"].isNotNull())
        .groupBy("title_id", season["season_number"].alias("season_number"))
        .agg(
            F.min(text_of(season["name"])).alias("name"),
            F.min(date_of(season["air_date"])).alias("air_date"),
            F.max(_positive(season["episode_count"])).alias("episodes"),
        )
        .select(*TMDB_SEASONS.names)
    )


def tmdb_coverage(responses: DataFrame, titles_in_scope: DataFrame) -> DataFrame:
    """One row per kind of title: how many are in scope, and what TMDB's responses say of them."""
    scope = titles_in_scope.groupBy("kind").agg(F.count("*").alias("in_scope"))
    by_kind = responses.groupBy(F.coalesce("kind", F.lit("unknown")).alias("kind")).agg(
        F.count("*").alias("answers"),
        F.expr("count_if(reasons IS NOT NULL)").alias("quarantined"),
        F.expr("count_if(reasons IS NULL AND NOT newest)").alias("superseded"),
        *(F.expr(f"count_if(newest AND outcome = '{name}')").alias(name) for name in OUTCOMES),
        F.max("fetched_at").alias("newest_answer"),
    )
    joined = scope.join(by_kind, on="kind", how="full")
    return joined.fillna(0).select(*TMDB_COVERAGE.names)


def _positive(value: Column) -> Column:
    return F.when(value > 0, value)
