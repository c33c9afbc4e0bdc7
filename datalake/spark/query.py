"""Queries that Spark runs."""

from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from datalake.questions.registry import TABLES
from datalake.schemas import Table
from datalake.schemas.query import Query, Result, tables_in


def spark_query(spark: SparkSession, read: Callable[[Table], DataFrame]) -> Query:
    """A function that runs SQL on the DataFrames that `read` gives."""

    def query(sql: str) -> Result:
        names = tables_in(sql)
        frames: dict[str, Any] = {
            table.name: read(table) for table in TABLES if table.name in names
        }
        frame = spark.sql(sql, **frames)
        return Result(frame.columns, frame.collect())

    return query
