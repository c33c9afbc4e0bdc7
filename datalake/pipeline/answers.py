"""Refined → the answers to all questions, and how they vary, from the newest load."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from datalake.core.settings import Settings
from datalake.pipeline.person_names import resolve_names
from datalake.pipeline.population import STAR, fetch_population, newest_load
from datalake.pipeline.up_to_date import PROPERTY, step_inputs
from datalake.questions.registry import QUESTIONS
from datalake.questions.sensitivity import vary_all
from datalake.questions.tables import SENSITIVITY
from datalake.schemas.refined import DIM_PERSON
from datalake.schemas.table import Row, Table
from datalake.spark.tables import Tables

_DECIMALS = 9
"""Doubles are rounded to these: the last digits of a sum depend on the order of its terms."""


def build_answers(tables: Tables, settings: Settings) -> None:
    """Answer every question from the star schema."""
    star = {table.name: tables.read(table) for table in STAR}
    answers = answer_rows(star, tables.read(DIM_PERSON))
    with tables.step({PROPERTY: step_inputs("answers", settings)}):
        tables.stage_all(
            {table: as_frame(tables.spark, table, rows) for table, rows in answers.items()}
        )


def answer_rows(
    star: Mapping[str, DataFrame], dim_person: DataFrame
) -> Mapping[Table, Sequence[Row]]:
    """Every answer's rows, from the star's tables by name."""
    facts = newest_load(star["fact_title"])
    population = fetch_population({**star, "fact_title": facts})
    answers = {question.table: question.answer(population) for question in QUESTIONS}
    return resolve_names(answers | {SENSITIVITY: vary_all(QUESTIONS, population)}, dim_person)


def as_frame(spark: SparkSession, table: Table, rows: Sequence[Row]) -> DataFrame:
    """The rows as a DataFrame of the table's columns, doubles rounded so that runs are equal."""
    doubles = {column.name for column in table.columns if column.type == "double"}

    def cell(row: Row, name: str) -> Any:
        value = row[name]
        return round(float(value), _DECIMALS) if name in doubles and value is not None else value

    values = [tuple(cell(row, name) for name in table.names) for row in rows]
    return spark.createDataFrame(values, table.ddl).coalesce(1)
