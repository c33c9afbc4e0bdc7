"""Refined → the answers to all questions, and how they vary, from the newest load."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from datalake.core.settings import Settings
from datalake.pipeline.person_names import resolve_names
from datalake.pipeline.population import fetch_population
from datalake.pipeline.up_to_date import PROPERTY, step_inputs
from datalake.questions.registry import QUESTIONS
from datalake.questions.sensitivity import vary_all
from datalake.questions.tables import SENSITIVITY
from datalake.schemas.query import Query
from datalake.schemas.table import Row, Table
from datalake.spark.tables import Tables

_DECIMALS = 9
"""Doubles are rounded to these: the last digits of a sum depend on the order of its terms."""


def build_answers(tables: Tables, settings: Settings, query: Query | None = None) -> None:
    """Answer every question from the star schema, read by `query`, else by Spark."""
    inputs = step_inputs("answers", settings)
    answers = answer_rows(query or tables.query)
    with tables.step({PROPERTY: inputs}):
        tables.stage_all(
            {table: as_frame(tables.spark, table, rows) for table, rows in answers.items()}
        )


def answer_rows(query: Query) -> Mapping[Table, Sequence[Row]]:
    """Every answer's rows, from the star schema."""
    population = fetch_population(query)
    answers = {question.table: question.answer(population) for question in QUESTIONS}
    return resolve_names(answers | {SENSITIVITY: vary_all(QUESTIONS, population)}, query)


def as_frame(spark: SparkSession, table: Table, rows: Sequence[Row]) -> DataFrame:
    """The rows as a DataFrame of the table's columns, doubles rounded so that runs are equal."""
    doubles = {column.name for column in table.columns if column.type == "double"}

    def cell(row: Row, name: str) -> Any:
        value = row[name]
        return round(float(value), _DECIMALS) if name in doubles and value is not None else value

    values = [tuple(cell(row, name) for name in table.names) for row in rows]
    return spark.createDataFrame(values, table.ddl).coalesce(1)
