"""Create a table, or evolve one of an older version: columns are added and widened."""

import json
from typing import Any

from pyspark.errors import IllegalArgumentException
from pyspark.sql import SparkSession

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.schemas import VERSION, VERSION_PROPERTY, Table
from datalake.schemas.table import literal

_PROPERTIES = {
    VERSION_PROPERTY: str(VERSION),
    "format-version": "2",
    "write.format.default": "parquet",
    "write.parquet.compression-codec": "zstd",
    "write.distribution-mode": "none",
    "write.wap.enabled": "true",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


def create_table(spark: SparkSession, lake: Lake, name: str, table: Table) -> None:
    """Create the empty table `name`, in its database, with its grain and comments."""
    if lake.on_s3:
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {name.rpartition('.')[0]}")
    location = lake.storage.url(f"{table.layer}/{table.name}")
    properties = ", ".join(f"'{key}'='{value}'" for key, value in _PROPERTIES.items())
    partition = ", ".join(table.partitioned_by)
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS {name} ({table.ddl}) USING iceberg"
        + (f" PARTITIONED BY ({partition})" if partition else "")
        + f" COMMENT {literal(table.grain)}"
        + (f" LOCATION {literal(location)}" if lake.on_s3 else "")
        + f" TBLPROPERTIES ({properties})"
    )


def check_version(table: Table, iceberg: Any) -> None:
    """`LakeError` where a newer version of this library wrote the table."""
    version = int(iceberg.properties().get(VERSION_PROPERTY) or 0)
    if version > VERSION:
        raise LakeError(
            f"{iceberg.location()}: {table.layer}.{table.name} is of schema version {version},"
            f" this datalake knows up to {VERSION}; install the newer datalake"
        )


def missing_columns(spark: SparkSession, table: Table, iceberg: Any) -> list[str]:
    """The names of the schema's columns that the table in the lake does not have."""
    present = _column_names(spark, iceberg)
    return [name for name in table.names if name not in present]


def migrate_table(
    spark: SparkSession, name: str, table: Table, iceberg: Any
) -> list[tuple[str, str]]:
    """Add and widen columns in one commit; return the table's further columns and their types.

    A column that this version no longer has stays, filled with nulls.
    """
    is_current = iceberg.properties().get(VERSION_PROPERTY) == str(VERSION)
    if is_current and set(_column_names(spark, iceberg)) == set(table.names):
        return []
    jvm: Any = spark.sparkContext._jvm
    columns = jvm.org.apache.spark.sql.types.StructType.fromDDL(table.ddl)
    schema = jvm.org.apache.iceberg.spark.SparkSchemaUtil.convert(columns)
    transaction = iceberg.newTransaction()
    try:
        transaction.updateSchema().unionByNameWith(schema).commit()
    except IllegalArgumentException as error:
        raise LakeError(
            f"{table.layer}.{table.name} is of an older version:"
            f" {str(error).splitlines()[0]}; drop the table and run:"
            f" datalake {table.layer.lower()}"
        ) from error
    transaction.updateProperties().set(VERSION_PROPERTY, str(VERSION)).commit()
    transaction.commitTransaction()
    fields = spark.table(name).schema
    return [(f.name, f.dataType.simpleString()) for f in fields if f.name not in table.names]


def _column_names(spark: SparkSession, iceberg: Any) -> list[str]:
    # As one text: to ask Java for one field after the other takes ten times as long.
    jvm: Any = spark.sparkContext._jvm
    fields = json.loads(jvm.org.apache.iceberg.SchemaParser.toJson(iceberg.schema()))["fields"]
    return [field["name"] for field in fields]
