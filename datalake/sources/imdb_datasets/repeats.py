"""Rows of one id: the first by its text is kept, its copies are dropped, others are rejected.

Only the later rows are rejected: without any row, an id would lose its credits too.
"""

from pyspark.sql import Column, DataFrame, Observation, Window
from pyspark.sql import functions as F

OTHER_ROW = "line: another row of this id is kept"


def first_of_each_id(rows: DataFrame, counts: Observation, is_unique: bool = False) -> DataFrame:
    """One row per `number` of those without `reasons`: the first by `line`.

    `counts` gets how many `rows` there were, how many `copies` of a line before, and how many
    `bad` ones. Rows whose ids are known to be unique are not shuffled.
    """
    marked = rows.withColumn("is_copy", F.lit(False)) if is_unique else marked_repeats(rows)
    return (
        marked.observe(counts, *repeat_counts())
        .where("reasons IS NULL AND NOT is_copy")
        .drop("is_copy", "reasons")
    )


def repeat_counts() -> list[Column]:
    """Aggregates of marked rows: the `rows`, the `copies` among them, and the `bad` ones."""
    is_bad = ~F.col("is_copy") & F.col("reasons").isNotNull()
    return [
        F.count("*").alias("rows"),
        F.count_if("is_copy").alias("copies"),
        F.count_if(is_bad).alias("bad"),
    ]


def marked_repeats(rows: DataFrame) -> DataFrame:
    """The rows with `is_copy`, and `reasons` against a good row that is not the id's first."""
    of_id = Window.partitionBy("number").orderBy(F.col("reasons").isNotNull(), "line")
    previous = F.lag("line").over(of_id)
    is_other = F.col("previous").isNotNull() & ~F.col("is_copy")
    return (
        rows.withColumn("previous", previous)
        .withColumn("is_copy", F.coalesce(F.col("previous") == F.col("line"), F.lit(False)))
        .withColumn("reasons", F.coalesce("reasons", F.when(is_other, F.array(F.lit(OTHER_ROW)))))
        .drop("previous")
    )


def rejected_lines(marked: DataFrame) -> DataFrame:
    """The `line` of each row that is rejected, with its `reasons`."""
    return marked.where("reasons IS NOT NULL AND NOT is_copy").select("line", "reasons")
