"""Trusted → Refined: the star schema of the newest load."""

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from datalake.base.errors import LakeError, QualityError
from datalake.base.settings import Settings
from datalake.refined import dimensions, facts, persons
from datalake.schemas import Table
from datalake.schemas import refined as schema
from datalake.schemas import trusted as source
from datalake.spark.tables import Tables

# Fact or bridge, its column, and the dimension whose key the column must be.
_FOREIGN_KEYS = (
    (schema.BRIDGE_TITLE_GENRE, "title_key", schema.DIM_TITLE),
    (schema.BRIDGE_TITLE_GENRE, "genre_key", schema.DIM_GENRE),
    (schema.FACT_TITLE, "title_key", schema.DIM_TITLE),
    (schema.FACT_TITLE, "start_year_key", schema.DIM_YEAR),
    (schema.FACT_TITLE, "end_year_key", schema.DIM_YEAR),
    (schema.FACT_CREDIT, "title_key", schema.DIM_TITLE),
    (schema.FACT_CREDIT, "person_key", schema.DIM_PERSON),
    (schema.FACT_SEASON, "title_key", schema.DIM_TITLE),
    (schema.FACT_SEASON, "air_year_key", schema.DIM_YEAR),
)


def build_refined(tables: Tables, settings: Settings) -> None:
    """Build dimensions, bridge and facts; a load of the same day is replaced, others stay."""
    titles = tables.read(source.TITLES)
    tmdb_titles = _of(tables.read(source.TMDB_TITLES), titles)
    people = persons.tmdb_persons(_of(tables.read(source.TMDB_CREDITS), titles))
    credits = persons.with_person(tables.read(source.CREDITS), people)
    load = _load_date(tables)

    tables.stage(schema.DIM_TITLE, dimensions.dim_title(titles, tmdb_titles, settings.genres))
    tables.stage(schema.DIM_PERSON, dimensions.dim_person(credits, people))
    tables.stage(schema.DIM_GENRE, dimensions.dim_genre(titles, settings.genres).coalesce(1))
    tables.stage(schema.BRIDGE_TITLE_GENRE, dimensions.bridge_title_genre(titles))
    tables.stage(schema.FACT_CREDIT, facts.fact_credit(credits, people))
    seasons = tables.stage(
        schema.FACT_SEASON, facts.fact_season(_of(tables.read(source.TMDB_SEASONS), titles))
    )
    loads = tables.stage(
        schema.FACT_TITLE,
        facts.fact_title(titles, tmdb_titles, load),
        replace=f"load_date = DATE '{load}'",
    )
    tables.stage(schema.DIM_YEAR, dimensions.dim_year(loads, seasons).coalesce(1))
    _check(tables)
    tables.publish()


def _of(rows: DataFrame, titles: DataFrame) -> DataFrame:
    """The rows whose title the newest files still have."""
    return rows.join(titles.select("title_id"), on="title_id", how="left_semi")


def _load_date(tables: Tables) -> date:
    """The day of the newest source: equal sources make an equal load, whenever it is built."""
    days = tables.read(source.RECONCILIATION).select("day")
    told = tables.read(source.TMDB_COVERAGE).select(F.to_date("newest_answer").alias("day"))
    newest = days.unionByName(told).agg(F.max("day")).first()
    if newest is None or newest[0] is None:
        raise LakeError("Trusted.reconciliation is empty; run: datalake trusted")
    day: date = newest[0]
    return day


def _check(tables: Tables) -> None:
    """Each key is unique and each foreign key resolves; else `QualityError`, nothing published."""
    for table in (dim for dim in schema.REFINED if dim.name.startswith(("dim_", "fact_title"))):
        rows = tables.staged(table)
        total, distinct = rows.agg(F.count("*"), F.count_distinct(*table.key)).first() or (0, 0)
        if total != distinct:
            raise QualityError(
                f"Refined.{table.name}: {total} rows, {distinct} different {', '.join(table.key)}"
            )
    for table, name, dimension in _FOREIGN_KEYS:
        orphans = _orphans(tables.staged(table), name, tables.staged(dimension), dimension)
        if not orphans.isEmpty():
            raise QualityError(f"Refined.{table.name}.{name}: a value is not in {dimension.name}")


def _orphans(rows: DataFrame, name: str, dimension: DataFrame, table: Table) -> DataFrame:
    known = dimension.select(F.col(table.key[0]).alias(name))
    return rows.select(name).distinct().join(known, on=name, how="left_anti")
