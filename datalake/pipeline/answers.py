"""Refined → the four answers and what they hang on, from the newest load."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from datalake.pipeline.population import population
from datalake.questions.people.estimate import people
from datalake.questions.popularity_cost.estimate import popularity_cost
from datalake.questions.ratings.estimate import ratings
from datalake.questions.sensitivity import sensitivity
from datalake.questions.trends.estimate import trends
from datalake.schemas import answers as schema
from datalake.schemas import refined as star
from datalake.schemas.table import Table
from datalake.spark.tables import Tables

_DECIMALS = 9
"""Kept of a double: the last digits of a sum hang on the order of its terms."""

_ASKED = (
    *(star.DIM_TITLE, star.DIM_GENRE, star.BRIDGE_TITLE_GENRE),
    *(star.FACT_TITLE, star.FACT_CREDIT, star.FACT_SEASON),
)
Row = Mapping[str, Any]


def build_answers(tables: Tables) -> None:
    """Answer the four questions from the star schema."""
    frames = {table.name: tables.read(table) for table in _ASKED}
    answers = answer_rows(frames, tables.read(star.DIM_PERSON))
    with tables.step():
        tables.stage_all(
            {table: as_frame(tables.spark, table, rows) for table, rows in answers.items()}
        )


def answer_rows(
    frames: Mapping[str, DataFrame], dim_person: DataFrame
) -> dict[Table, Sequence[Row]]:
    """Every answer's rows, from the star's tables by name."""
    loads = frames["fact_title"]
    newest = loads.agg(F.max("load_date").alias("load_date"))
    facts = loads.join(F.broadcast(newest), on="load_date", how="left_semi")
    asked = population({**frames, "fact_title": facts})
    ranked, varied = people(asked), sensitivity(asked)
    keys = {row["person_key"] for row in ranked} | {row["leader"] for row in varied} - {None}
    names = _names(dim_person, keys)
    return {
        schema.POPULARITY_COST: popularity_cost(asked),
        schema.PEOPLE: [row | {"name": names[row["person_key"]]} for row in ranked],
        schema.TRENDS: trends(asked),
        schema.RATINGS: ratings(asked),
        schema.SENSITIVITY: [row | {"leader": names.get(row["leader"])} for row in varied],
    }


def as_frame(spark: SparkSession, table: Table, rows: Sequence[Row]) -> DataFrame:
    """The rows as the table wants them, doubles rounded so that every run says the same."""
    doubles = {column.name for column in table.columns if column.type == "double"}

    def cell(row: Row, name: str) -> Any:
        value = row[name]
        return round(float(value), _DECIMALS) if name in doubles and value is not None else value

    values = [tuple(cell(row, name) for name in table.names) for row in rows]
    return spark.createDataFrame(values, table.ddl).coalesce(1)


def _names(dim_person: DataFrame, keys: set[int]) -> dict[int, str]:
    """The names of the people that the answers list: some thousands at most."""
    spark = dim_person.sparkSession
    asked = spark.createDataFrame([(key,) for key in sorted(keys)], "person_key long")
    found = dim_person.join(F.broadcast(asked), on="person_key", how="inner")
    return {row.person_key: row.name for row in found.select("person_key", "name").collect()}
