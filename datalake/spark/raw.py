"""Raw → DataFrames: lines of the source files, and TMDB's answers."""

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession

from datalake.base.lake import Lake, Snapshot


def read_lines(spark: SparkSession, lake: Lake, snapshot: Snapshot) -> DataFrame:
    """One row per line of an ingested file, header included, as `value`."""
    return spark.read.option("lineSep", "\n").text(lake.storage.url(snapshot.key))


def read_answers(
    spark: SparkSession, lake: Lake, keys: Sequence[str], shape: str, corrupt: str
) -> DataFrame:
    """One row per line of the JSON files `keys`; what doesn't fit `shape` stands in `corrupt`."""
    if not keys:
        return spark.createDataFrame([], shape)
    reader = spark.read.schema(shape).option("columnNameOfCorruptRecord", corrupt)
    return reader.json([lake.storage.url(key) for key in keys])
