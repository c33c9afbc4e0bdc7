"""The answers of a star, computed as the lake computes them."""

from support.star_rows import spark_frames

from datalake.pipeline.answers import answer_rows, as_frame
from datalake.spark.query import spark_query


def answers_of(spark, star, folder):
    """Every answer's rows by its table's name, as the tables hold them."""
    frames = spark_frames(spark, star, folder)
    answers = answer_rows(spark_query(spark, lambda table: frames[table.name]))
    return {
        table.name: [row.asDict() for row in as_frame(spark, table, rows).collect()]
        for table, rows in answers.items()
    }


def headlines(rows, **others):
    """The rows over all genres, with these other values too."""
    wanted = {"genre": "all", **others}
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]
