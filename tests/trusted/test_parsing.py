"""Cells of a source, parsed by Spark."""

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyspark.sql import functions as F

from datalake.schemas.lists import split_list
from datalake.trusted.parsing import listed

LISTS = {
    "Crime": ["Crime"],
    "Drama,Crime": ["Drama", "Crime"],
    "Drama, Crime": ["Drama", "Crime"],
    " Drama ,Crime ": ["Drama", "Crime"],
    "a b,c": ["a b", "c"],
    "a,,b, ": ["a", "", "b", ""],
    " ": [""],
}


def in_spark(spark, cells):
    rows = spark.createDataFrame([(cell,) for cell in cells], "cell string").coalesce(1)
    return [row["names"] for row in rows.select(listed("cell").alias("names")).collect()]


def test_a_list_is_split_at_commas_with_or_without_blanks(spark):
    assert in_spark(spark, LISTS) == list(LISTS.values())


def test_no_list_is_null(spark):
    assert spark.range(1).select(F.lit(None).cast("string").alias("cell")).select(
        listed("cell").alias("names")
    ).collect() == [(None,)]


@hypothesis_settings(max_examples=5, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab ,;\t\u00a0é"), min_size=1), min_size=50))
def test_scope_s_rule_in_python_is_the_one_in_spark(spark, cells):
    assert in_spark(spark, cells) == [split_list(cell) for cell in cells]
