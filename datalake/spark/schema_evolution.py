"""A table of an older version gets the columns that it lacks."""

from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

from datalake.core.errors import LakeError
from datalake.schemas import VERSION, Table
from datalake.schemas.table import literal

PROPERTY = "datalake.schema-version"


def check_version(table: Table, iceberg: Any) -> None:
    """`LakeError` where a newer version of this library wrote the table."""
    version = int(iceberg.properties().get(PROPERTY) or 0)
    if version > VERSION:
        raise LakeError(
            f"{iceberg.location()}: {table.layer}.{table.name} is of schema version {version},"
            f" this datalake knows up to {VERSION}; install the newer datalake"
        )


def lacking(table: Table, iceberg: Any) -> list[str]:
    """The columns that the table in the lake does not have."""
    there = {field.name() for field in iceberg.schema().columns()}
    return [name for name in table.names if name not in there]


def migrate_table(
    spark: SparkSession, name: str, table: Table, iceberg: Any
) -> list[tuple[str, str]]:
    """Add and widen columns; names and types of those this version has no more come back."""
    is_new = iceberg.properties().get(PROPERTY) == str(VERSION)
    if is_new and {field.name() for field in iceberg.schema().columns()} == set(table.names):
        return []
    there = {field.name: field.dataType.simpleString() for field in spark.table(name).schema}
    for column in table.columns:
        if column.name not in there:
            told = f"{column.name} {column.type} COMMENT {literal(column.comment)}"
            _alter(spark, table, name, f"ADD COLUMN {told}")
        elif there[column.name] != column.type.replace("long", "bigint"):
            _alter(spark, table, name, f"ALTER COLUMN {column.name} TYPE {column.type}")
    if not is_new:
        _alter(spark, table, name, f"SET TBLPROPERTIES ('{PROPERTY}'='{VERSION}')")
    return [(column, kind) for column, kind in there.items() if column not in table.names]


def _alter(spark: SparkSession, table: Table, name: str, change: str) -> None:
    try:
        spark.sql(f"ALTER TABLE {name} {change}")
    except AnalysisException as error:
        raise LakeError(
            f"{table.layer}.{table.name} is of an older version, and can't {change};"
            f" drop the table and run: datalake {table.layer.lower()}"
        ) from error
