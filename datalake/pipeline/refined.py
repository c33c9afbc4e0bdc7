"""Trusted → Refined: the star schema of the newest load."""

from collections.abc import Iterable
from datetime import date
from functools import reduce

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from datalake.core.errors import LakeError, QualityError
from datalake.core.settings import Settings
from datalake.pipeline.up_to_date import PROPERTY, step_inputs
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
    tmdb_titles = _of_current_titles(tables.read(source.TMDB_TITLES), titles)
    tmdb_credits = _of_current_titles(tables.read(source.TMDB_CREDITS), titles)
    seasons = _of_current_titles(tables.read(source.TMDB_SEASONS), titles)
    credits, imdb_persons = tables.read(source.CREDITS), tables.read(source.PERSONS)
    with_id, without_id = (credits.where(f"person_id IS {test} NULL") for test in ("NOT", ""))
    load = _load(tables)

    with tables.step({PROPERTY: step_inputs("refined", settings)}):
        named = without_id.unionByName(persons.with_names(with_id, imdb_persons, tmdb_credits))
        matches = persons.named_by_tmdb(named, tmdb_credits).persist()
        matches.count()  # Cached, its size is known: joins on it need not sort every credit.
        same_persons = persons.one_to_one(matches)
        on_tmdb = persons.tmdb_persons(tmdb_credits, same_persons)
        without_id = persons.with_person(without_id, matches)
        imdb_seasons = facts.imdb_seasons(tables.read(source.EPISODES)).persist()
        title_rows = dimensions.dim_title(titles, tmdb_titles, settings.genres)
        fact_rows = facts.fact_title(titles, tmdb_titles, imdb_seasons, load)
        tables.stage(schema.FACT_TITLE, fact_rows, replace=f"load_date = DATE '{load.day}'")
        tables.stage_all(
            {
                schema.FACT_CREDIT: facts.fact_credit(
                    without_id.unionByName(persons.with_person_id(with_id)), on_tmdb
                ),
                schema.DIM_PERSON: dimensions.dim_person(
                    without_id, on_tmdb, imdb_persons.join(same_persons, on="person_id", how="left")
                ),
                schema.DIM_TITLE: _with_earlier(tables, title_rows),
                schema.BRIDGE_TITLE_GENRE: dimensions.bridge_title_genre(titles),
                schema.DIM_GENRE: dimensions.dim_genre(titles, settings.genres).coalesce(1),
                schema.FACT_SEASON: facts.fact_season(seasons, imdb_seasons),
            }
        )
        years = dimensions.dim_year(*map(tables.staged, (schema.FACT_TITLE, schema.FACT_SEASON)))
        tables.stage(schema.DIM_YEAR, years.coalesce(1))
        _check(tables, load.day)


def _with_earlier(tables: Tables, titles: DataFrame) -> DataFrame:
    """The titles, and those of earlier loads that the files no longer have, out of scope."""
    tables.prepare(schema.DIM_TITLE)
    if not tables.has(schema.DIM_TITLE):
        return titles
    removed = tables.read(schema.DIM_TITLE).join(titles, on="title_key", how="left_anti")
    return titles.unionByName(removed.withColumn("in_scope", F.lit(False)))


def _of_current_titles(rows: DataFrame, titles: DataFrame) -> DataFrame:
    """The rows whose title the newest files still have."""
    return rows.join(titles.select("title_id"), on="title_id", how="left_semi")


def _load(tables: Tables) -> facts.LoadDays:
    """The load of the newest sources: equal sources make an equal load, whenever it is built."""
    imdb_days = tables.read(source.RECONCILIATION).select("day", F.col("day").alias("imdb_day"))
    responses = tables.read(source.TMDB_COVERAGE)
    response_days = responses.select(
        F.to_date("newest_answer").alias("day"), F.lit(None).cast("date").alias("imdb_day")
    )
    newest = imdb_days.unionByName(response_days).agg(F.max("day"), F.max("imdb_day")).first()
    if newest is None or newest[1] is None:
        raise LakeError("Trusted.reconciliation is empty; run: datalake trusted")
    return facts.LoadDays(*newest)


def _check(tables: Tables, load: date) -> None:
    """Each key is unique and each foreign key resolves; else `QualityError`, nothing published."""
    load_rows = tables.staged(schema.FACT_TITLE).where(F.col("load_date") == F.lit(load))
    keyed_tables = [
        (dim, tables.staged(dim), dim.key[0]) for dim in schema.REFINED if _is_dimension(dim)
    ]
    keyed_tables.append((schema.FACT_TITLE, load_rows, "title_key"))
    repeated = _first(_union(_duplicate_keys(*table) for table in keyed_tables))
    if repeated:
        raise QualityError(f"Refined.{repeated['table']}: {repeated['key']} is not unique")
    orphan = _first(_union(_orphans(tables, *foreign) for foreign in _FOREIGN_KEYS))
    if orphan:
        raise QualityError(
            f"Refined.{orphan['column']}: {orphan['key']} is not in {orphan['table']}"
        )


def _is_dimension(table: Table) -> bool:
    return table.name.startswith("dim_")


def _duplicate_keys(table: Table, rows: DataFrame, key: str) -> DataFrame:
    """One row if the key is not unique, else none."""
    repeated = F.count("*") != F.count_distinct(key)
    duplicates = rows.agg(repeated.alias("repeated")).where("repeated")
    return duplicates.select(F.lit(table.name).alias("table"), F.lit(key).alias("key"))


def _orphans(tables: Tables, table: Table, name: str, dimension: Table) -> DataFrame:
    """One row per row of the table whose foreign key is in no row of the dimension."""
    keys = tables.staged(dimension).select(F.col(dimension.key[0]).alias(name))
    orphans = tables.staged(table).select(name).join(keys, on=name, how="left_anti")
    return orphans.select(
        F.lit(f"{table.name}.{name}").alias("column"),
        F.lit(dimension.name).alias("table"),
        F.col(name).cast("long").alias("key"),
    )


def _union(frames: Iterable[DataFrame]) -> DataFrame:
    return reduce(DataFrame.union, frames)


def _first(rows: DataFrame) -> Row | None:
    row: Row | None = rows.limit(1).first()
    return row
