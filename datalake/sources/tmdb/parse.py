"""Lines of Raw → typed responses: what each says, why it is rejected, which fields it lost."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructType

from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import QUARANTINE
from datalake.sources.tmdb.lenient import NOTHING_LOST, json_reader
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
    genres: array<struct<name: string>>, belongs_to_collection: struct<id: bigint>,
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
LINE = f"""
    imdb_id string, media_type string, tmdb_id bigint, outcome string, fetched_at string,
    body struct<{_BODY}>, {CORRUPT} string
"""
"""The schema of one line of Raw, as Spark DDL; a line that doesn't fit stands in `corrupt`."""

SOURCE = "TMDB"
"""What `source` says in the quarantine of a response."""

OUTCOMES = ("found", "not_found", "other_kind")
_KINDS = {"movie": Kind.MOVIE.value, "tv": Kind.SERIES.value}
_TEXTS = ("title", "name", "original_language", "status")
_DATES = ("release_date", "first_air_date", "last_air_date")
_MAX_REASONS = 20


def parse_responses(raw: DataFrame) -> DataFrame:
    """One row per line of Raw: `reasons` where it is rejected, `newest` of its title or not.

    `lost` names the fields whose value can't be used. Lines that Spark's reader rejects are
    rejected here too, until `reread_corrupt` has read them field by field.
    """
    return _with_reasons(_typed(raw.withColumn("lost", F.expr(NOTHING_LOST))))


def reread_corrupt(responses: DataFrame) -> DataFrame:
    """The same rows, with each line that Spark's reader rejected read field by field."""
    line = (
        StructType()
        .add("imdb_id", StringType())
        .add("media_type", StringType())
        .add("tmdb_id", LongType())
        .add("outcome", StringType())
        .add("fetched_at", StringType())
        .add("body", responses.schema["body"].dataType)
    )
    read = responses.where(F.col(CORRUPT).isNotNull()).select(
        CORRUPT, F.expr(json_reader(CORRUPT, line)).alias("read")
    )
    reread = read.select(
        "read.value.*",
        F.when(F.col("read.value").isNull(), F.col(CORRUPT)).alias(CORRUPT),
        F.when(F.col("read.value").isNull(), F.expr(NOTHING_LOST))
        .otherwise(F.col("read.lost"))
        .alias("lost"),
    )
    parsed = responses.where(F.col(CORRUPT).isNull()).drop("reasons", "newest")
    return _with_reasons(parsed.unionByName(_typed(reread)))


def quarantined(responses: DataFrame) -> DataFrame:
    """One row per response that is rejected, or that lost a field."""
    line = F.coalesce(CORRUPT, F.to_json(F.struct("title_id", "kind", "tmdb_id", "outcome")))
    reasons = F.concat(F.coalesce("reasons", F.expr(NOTHING_LOST)), F.array_distinct("lost"))
    return (
        responses.where("reasons IS NOT NULL OR size(lost) > 0")
        .select(
            F.lit(SOURCE).alias("source"),
            F.date_format("fetched_at", "yyyy-MM-dd").alias("snapshot"),
            line.alias("line"),
            F.slice(reasons, 1, _MAX_REASONS).alias("reasons"),
        )
        .select(*QUARANTINE.names)
    )


def date_of(text: Column) -> Column:
    """The date of a `YYYY-MM-DD` text; null where it is none (a plain cast raises under ANSI)."""
    return F.when(text.rlike(r"^\d{4}-\d{2}-\d{2}$"), F.try_to_timestamp(text).cast("date"))


def text_of(text: Column) -> Column:
    """The text; null for "", and for an object or a list, which Spark's reader takes as text."""
    return F.when((text != "") & ~_is_json(text), text)


def _typed(raw: DataFrame) -> DataFrame:
    return raw.select(
        F.col("imdb_id").alias("title_id"),
        F.create_map(*(F.lit(text) for pair in _KINDS.items() for text in pair))[
            F.col("media_type")
        ].alias("kind"),
        "tmdb_id",
        "outcome",
        F.expr("try_cast(fetched_at AS TIMESTAMP)").alias("fetched_at"),
        "body",
        F.concat("lost", _lost_texts_and_dates(F.col("body"))).alias("lost"),
        CORRUPT,
    )


def _with_reasons(typed: DataFrame) -> DataFrame:
    is_found = F.col("outcome") == "found"
    rules = (
        Rule("line: not a JSON object", F.col(CORRUPT).isNotNull()),
        title_id("title_id"),
        Rule("media_type: neither movie nor tv", F.col("kind").isNull()),
        Rule("fetched_at: not a time", F.col("fetched_at").isNull()),
        Rule("outcome: unknown", ~F.coalesce(F.col("outcome").isin(*OUTCOMES), F.lit(False))),
        Rule("body: missing", is_found & F.col("body").isNull()),
        Rule("tmdb_id: missing", is_found & F.col("tmdb_id").isNull()),
    )
    is_rejected = F.col("reasons").isNotNull()
    latest_first = Window.partitionBy("kind", "title_id", is_rejected).orderBy(
        F.desc("fetched_at"), "tmdb_id", F.xxhash64("body")
    )
    newest = ~is_rejected & (F.row_number().over(latest_first) == 1)
    return apply_rules(typed, rules, typed.columns).withColumn("newest", newest)


def _lost_texts_and_dates(body: Column) -> Column:
    """Reasons for texts that are objects or lists, and for dates that are none."""
    texts = [_reason(f"body.{name}", "a text", body[name], _is_json(body[name])) for name in _TEXTS]
    dates = [
        _reason(f"body.{name}", "a date", body[name], _is_bad_date(body[name])) for name in _DATES
    ]
    seasons = F.transform(
        F.filter(body["seasons"], lambda season: _is_bad_date(season["air_date"])),
        lambda season: F.concat(F.lit("body.seasons[].air_date: not a date: "), season["air_date"]),
    )
    nothing = F.expr(NOTHING_LOST)
    return F.concat(F.array_compact(F.array(*texts, *dates)), F.coalesce(seasons, nothing))


def _reason(path: str, expected: str, value: Column, is_lost: Column) -> Column:
    return F.when(is_lost, F.concat(F.lit(f"{path}: not {expected}: "), F.substring(value, 1, 60)))


def _is_json(text: Column) -> Column:
    return text.rlike(r"^[\[{]") & F.get_json_object(text, "$").isNotNull()


def _is_bad_date(text: Column) -> Column:
    return (text != "") & date_of(text).isNull()
