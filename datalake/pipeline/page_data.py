"""The lake's tables → what the page shows."""

from collections.abc import Callable
from datetime import UTC, datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from datalake.pipeline.person_names import resolve_names
from datalake.pipeline.population import STAR, fetch_population
from datalake.questions.charts import chart_data
from datalake.questions.registry import ANSWERS, QUESTIONS, TABLES
from datalake.report.data import PageData
from datalake.schemas import Table
from datalake.schemas.refined import DIM_PERSON, DIM_TITLE, FACT_TITLE
from datalake.schemas.table import Row
from datalake.schemas.trusted import QUARANTINE, RECONCILIATION, TMDB_COVERAGE, TMDB_TITLES

REASONS = 200
"""At most so many reasons for quarantine are on the page, the most frequent first."""

Read = Callable[[Table], DataFrame]


def gather_page_data(read: Read, version: str) -> PageData:
    """The page's data from the lake's tables; of the facts, the newest load counts."""
    load_date = read(FACT_TITLE).agg(F.max("load_date")).collect()[0][0]
    facts = read(FACT_TITLE).where(F.col("load_date") == F.lit(load_date))
    star = {table.name: read(table) for table in STAR} | {FACT_TITLE.name: facts}
    population = fetch_population(star)
    columns = chart_data(population, [question.charts for question in QUESTIONS])
    return PageData(
        answers={table.name: _rows(read(table).orderBy(*table.key)) for table in ANSWERS},
        chart_data=resolve_names(columns, read(DIM_PERSON)),
        genres=population.scope,
        reconciliation=_rows(read(RECONCILIATION).orderBy("source")),
        quarantine=_rows(_reasons(read(QUARANTINE))),
        coverage=_rows(read(TMDB_COVERAGE).orderBy("kind")),
        steps=_rows(_titles_by_step(read(DIM_TITLE).join(facts, on="title_key", how="inner"))),
        row_counts={f"{table.layer}.{table.name}": read(table).count() for table in TABLES},
        load_date=load_date,
        tmdb_fetched_at=_newest_response(read(TMDB_TITLES)),
        has_tmdb=population.has_tmdb,
        version=version,
    )


def _reasons(quarantine: DataFrame) -> DataFrame:
    """One row per source × reason; a row with several reasons counts for each."""
    return (
        quarantine.select("source", F.explode("reasons").alias("reason"))
        .withColumn("reason", F.substring_index("reason", ": ", 2))  # without a lost field's value
        .groupBy("source", "reason")
        .agg(F.count("*").alias("rows"))
        .orderBy(F.desc("rows"), "source", "reason")
        .limit(REASONS)
    )


def _titles_by_step(titles: DataFrame) -> DataFrame:
    """One row per kind: how many titles are left at each step."""
    steps = {
        "in_scope": F.col("in_scope"),
        "found": F.expr("in_scope and tmdb_id is not null"),
        "rated": F.expr("in_scope and imdb_rating is not null and tmdb_rating is not null"),
        "budgeted": F.expr("in_scope and budget is not null"),
        "rated_by_imdb": F.expr("in_scope and imdb_rating is not null"),
    }
    return (
        titles.where("title_key != 0")
        .groupBy("kind")
        .agg(
            F.count("*").alias("titles"),
            *(F.count_if(holds).alias(name) for name, holds in steps.items()),
        )
        .orderBy("kind")
    )


def _newest_response(tmdb_titles: DataFrame) -> datetime | None:
    # In seconds: a collected timestamp would come in the time zone of this machine.
    newest = tmdb_titles.agg(F.max(F.col("fetched_at").cast("long"))).collect()[0][0]
    return None if newest is None else datetime.fromtimestamp(newest, UTC)


def _rows(frame: DataFrame) -> list[Row]:
    return [row.asDict() for row in frame.collect()]
