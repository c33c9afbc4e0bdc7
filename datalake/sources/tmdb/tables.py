"""TMDB's answers → titles, credits and seasons as TMDB knows them.

TMDB writes 0 and "" for what it does not know; here both become null.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import (
    QUARANTINE,
    TMDB_COVERAGE,
    TMDB_CREDITS,
    TMDB_SEASONS,
    TMDB_TITLES,
)
from datalake.trusted.rules import Rule, apply_rules, title_id

_CAST = "id: bigint, name: string, character: string, `order`: int"
_ROLES = "roles: array<struct<character: string, episode_count: int>>"
_JOBS = "jobs: array<struct<job: string, episode_count: int>>"
_BODY = f"""
    title: string, name: string, original_language: string, status: string,
    release_date: string, first_air_date: string, last_air_date: string,
    runtime: int, episode_run_time: array<int>, budget: bigint, revenue: bigint,
    popularity: double, vote_average: double, vote_count: int,
    number_of_seasons: int, number_of_episodes: int,
    genres: array<struct<name: string>>,
    created_by: array<struct<id: bigint, name: string>>,
    seasons: array<struct<season_number: int, name: string, air_date: string, episode_count: int>>,
    credits: struct<
        cast: array<struct<{_CAST}>>,
        crew: array<struct<id: bigint, name: string, job: string>>>,
    aggregate_credits: struct<
        cast: array<struct<{_CAST}, total_episode_count: int, {_ROLES}>>,
        crew: array<struct<id: bigint, name: string, {_JOBS}>>>
"""
CORRUPT = "corrupt"
ANSWER = f"""
    imdb_id string, media_type string, tmdb_id bigint, outcome string, fetched_at string,
    body struct<{_BODY}>, {CORRUPT} string
"""
"""The shape of one line of Raw, as Spark DDL; what doesn't fit stands in `corrupt`."""

_KINDS = {"movie": Kind.MOVIE.value, "tv": Kind.SERIES.value}
_OUTCOMES = ("found", "not_found", "other_kind")


def answers(raw: DataFrame) -> DataFrame:
    """One row per line of Raw: `reasons` where it can't be used, `newest` of its title or not."""
    typed = raw.select(
        F.col("imdb_id").alias("title_id"),
        F.create_map(*(F.lit(t) for pair in _KINDS.items() for t in pair))[
            F.col("media_type")
        ].alias("kind"),
        "tmdb_id",
        "outcome",
        F.expr("try_cast(fetched_at AS TIMESTAMP)").alias("fetched_at"),
        "body",
        CORRUPT,
    )
    rules = (
        Rule("line: not an answer in JSON", F.col(CORRUPT).isNotNull()),
        title_id("title_id"),
        Rule("media_type: neither movie nor tv", F.col("kind").isNull()),
        Rule("fetched_at: not a time", F.col("fetched_at").isNull()),
        Rule("outcome: unknown", ~F.coalesce(F.col("outcome").isin(*_OUTCOMES), F.lit(False))),
        Rule("body: missing", (F.col("outcome") == "found") & F.col("body").isNull()),
        Rule("tmdb_id: missing", (F.col("outcome") == "found") & F.col("tmdb_id").isNull()),
    )
    bad = F.col("reasons").isNotNull()
    latest_first = Window.partitionBy("kind", "title_id", bad).orderBy(
        F.desc("fetched_at"), "tmdb_id", F.xxhash64("body")
    )
    newest = ~bad & (F.row_number().over(latest_first) == 1)
    return apply_rules(typed, rules, typed.columns).withColumn("newest", newest)


def found(answers: DataFrame, titles: DataFrame) -> DataFrame:
    """One row per title of the files found on TMDB as what the files say it is: newest answer."""
    of_kind = titles.select("title_id", "kind")
    newest = answers.where("newest AND outcome = 'found'")
    return newest.join(of_kind, on=["title_id", "kind"], how="left_semi")


def tmdb_titles(found: DataFrame) -> DataFrame:
    """One row per title found on TMDB."""
    body = F.col("body")
    film = F.col("kind") == Kind.MOVIE.value
    return found.select(
        "title_id",
        "kind",
        "tmdb_id",
        _known(F.coalesce(body["title"], body["name"])).alias("title"),
        _known(body["original_language"]).alias("original_language"),
        _date(F.coalesce(body["release_date"], body["first_air_date"])).alias("release_date"),
        _date(body["last_air_date"]).alias("last_air_date"),
        _positive(F.coalesce(body["runtime"], F.get(body["episode_run_time"], F.lit(0)))).alias(
            "runtime_minutes"
        ),
        F.when(film, _positive(body["budget"])).alias("budget"),
        F.when(film, _positive(body["revenue"])).alias("revenue"),
        body["popularity"].alias("popularity"),
        F.when(body["vote_count"] > 0, _positive(body["vote_average"])).alias("tmdb_rating"),
        body["vote_count"].alias("tmdb_votes"),
        _known(body["status"]).alias("status"),
        body["genres"]["name"].alias("genres"),
        F.when(~film, _positive(body["number_of_seasons"])).alias("seasons"),
        F.when(~film, _positive(body["number_of_episodes"])).alias("episodes"),
        "fetched_at",
    ).select(*TMDB_TITLES.names)


def tmdb_credits(found: DataFrame) -> DataFrame:
    """One row per title × person × role; a person's characters in a title are joined by /."""
    body = F.col("body")
    credits = (
        _people(found, body["credits"]["cast"], "'actor'", "p.character", "p.`order`", "null")
        .unionByName(_people(found, body["credits"]["crew"], "lower(p.job)"))
        .unionByName(_people(found, body["created_by"], "'creator'"))
        .unionByName(
            _people(
                found,
                body["aggregate_credits"]["cast"],
                "'actor'",
                "array_join(array_distinct(p.roles.character), ' / ')",
                "p.`order`",
                "p.total_episode_count",
            )
        )
        .unionByName(
            _people(
                found.withColumn("jobs", F.expr(_JOB_ROWS)),
                F.col("jobs"),
                "lower(p.job)",
                episodes="p.episodes",
            )
        )
    )
    characters = F.array_join(F.array_sort(F.collect_set(_known(F.col("character")))), " / ")
    return (
        credits.where("tmdb_person_id IS NOT NULL AND role IS NOT NULL")
        .groupBy("title_id", "tmdb_person_id", "role")
        .agg(
            F.min("name").alias("name"),
            _known(characters).alias("character"),
            F.min("cast_order").alias("cast_order"),
            F.max("episodes").alias("episodes"),
        )
        .select(*TMDB_CREDITS.names)
    )


_JOB_ROWS = """
    flatten(transform(body.aggregate_credits.crew, member -> transform(member.jobs, held ->
        struct(member.id AS id, member.name AS name, held.job AS job,
               held.episode_count AS episodes))))
"""


def _people(
    found: DataFrame,
    people: Column,
    role: str,
    character: str = "null",
    order: str = "null",
    episodes: str = "null",
) -> DataFrame:
    """One row per entry of the array `people` (as `p`); the rest are SQL expressions over it."""
    return found.select("title_id", F.explode(people).alias("p")).selectExpr(
        "title_id",
        "p.id AS tmdb_person_id",
        "p.name AS name",
        f"{role} AS role",
        f"CAST({character} AS STRING) AS character",
        f"CAST({order} AS INT) AS cast_order",
        f"CAST({episodes} AS INT) AS episodes",
    )


def tmdb_seasons(found: DataFrame) -> DataFrame:
    """One row per series × season."""
    season = F.col("season")
    return (
        found.select("title_id", F.explode("body.seasons").alias("season"))
        .where(season["season_number"].isNotNull())
        .groupBy("title_id", season["season_number"].alias("season_number"))
        .agg(
            F.min(_known(season["name"])).alias("name"),
            F.min(_date(season["air_date"])).alias("air_date"),
            F.max(_positive(season["episode_count"])).alias("episodes"),
        )
        .select(*TMDB_SEASONS.names)
    )


def quarantined(answers: DataFrame) -> DataFrame:
    """One row per answer that can't be used."""
    line = F.coalesce(CORRUPT, F.to_json(F.struct("title_id", "kind", "tmdb_id", "outcome")))
    return (
        answers.where("reasons IS NOT NULL")
        .select(
            F.lit("TMDB").alias("source"),
            F.date_format("fetched_at", "yyyy-MM-dd").alias("snapshot"),
            line.alias("line"),
            "reasons",
        )
        .select(*QUARANTINE.names)
    )


def tmdb_coverage(answers: DataFrame, titles_in_scope: DataFrame) -> DataFrame:
    """One row per kind of title: what TMDB answered on it."""
    scope = titles_in_scope.groupBy("kind").agg(F.count("*").alias("in_scope"))

    def counted(condition: str) -> Column:
        return F.count(F.when(F.expr(condition), True))

    told = answers.groupBy(F.coalesce("kind", F.lit("unknown")).alias("kind")).agg(
        F.count("*").alias("answers"),
        counted("reasons IS NOT NULL").alias("quarantined"),
        counted("reasons IS NULL AND NOT newest").alias("superseded"),
        *(counted(f"newest AND outcome = '{o}'").alias(o) for o in _OUTCOMES),
        F.max("fetched_at").alias("newest_answer"),
    )
    joined = scope.join(told, on="kind", how="full")
    return joined.fillna(0).select(*TMDB_COVERAGE.names)


def _known(text: Column) -> Column:
    return F.when(text != "", text)


def _positive(value: Column) -> Column:
    return F.when(value > 0, value)


def _date(text: Column) -> Column:
    """The date of a `YYYY-MM-DD` text; null where it is none (a plain cast raises under ANSI)."""
    return F.when(text.rlike(r"^\d{4}-\d{2}-\d{2}$"), F.try_to_timestamp(text).cast("date"))
