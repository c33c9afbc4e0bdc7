"""Raw → DataFrames: lines of the source files, and TMDB's responses."""

import re
from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from datalake.core.lake import Lake


def read_lines(spark: SparkSession, lake: Lake, labels: Mapping[str, str]) -> DataFrame:
    """One row per line of ingested files, headers included, as `value`, and its file's `label`.

    `labels`: each file's label by its key.
    The files are one source to Spark, so code for their lines is made once.
    """
    path = F.col("_metadata.file_path")
    label = F.coalesce(*(F.when(path.endswith(key), label) for key, label in labels.items()))
    paths = [_path(lake, key) for key in labels]
    return spark.read.option("lineSep", "\n").text(paths).select("value", label.alias("label"))


def read_json_lines(
    spark: SparkSession, lake: Lake, keys: Sequence[str], schema: str, corrupt: str
) -> DataFrame:
    """One row per line of the JSON files `keys`; what doesn't fit `schema` stands in `corrupt`.

    Blank lines are none. Spark's own reader of JSON files takes a line that is an array for as
    many rows as it has elements.
    """
    if not keys:
        no_line = F.from_json(F.lit(None).cast("string"), schema)  # a local list would start Python
        return spark.range(0).select(no_line.alias("line")).select("line.*")
    lines = spark.read.option("lineSep", "\n").text([_path(lake, key) for key in keys])
    is_object = F.col("value").rlike(r"^\s*\{")
    options = {"columnNameOfCorruptRecord": corrupt, "allowNonNumericNumbers": "false"}
    line = F.from_json(F.when(is_object, F.col("value")), schema, options)
    return (
        lines.where(F.col("value").rlike(r"\S"))
        .select("value", is_object.alias("is_object"), line.alias("line"))
        .select("value", "is_object", "line.*")
        .withColumn(corrupt, F.when(F.col("is_object"), F.col(corrupt)).otherwise(F.col("value")))
        .drop("value", "is_object")
    )


def _path(lake: Lake, key: str) -> str:
    """The key's address as Hadoop's file systems name it, with nothing in it to be globbed."""
    url = lake.storage.url(key)
    literal = re.sub(r"([\\*?\[\]{}])", r"\\\1", url)
    return f"s3a://{literal.removeprefix('s3://')}" if lake.on_s3 else literal
