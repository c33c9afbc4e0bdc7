"""Q3: how do film lengths and seasons change over the years?"""

from typing import Any

from pyspark.sql import Column, DataFrame, Row, Window
from pyspark.sql import functions as F

from datalake.answers.columns import as_table, left_out
from datalake.answers.statistics import Estimate, slope_per_decade
from datalake.schemas.answers import TRENDS

FEWEST_A_YEAR = 5
"""A year with fewer films or seasons is shown, and stays out of the trend."""

_UNMEASURED = ("no_runtime", "special", "no_episodes")


def trends(fact_title: DataFrame, dim_title: DataFrame, fact_season: DataFrame) -> DataFrame:
    """One row per measure × year with median and quartiles, and one per measure with its trend.

    Film length: minutes, films in scope, by year of release. Episodes per season: seasons of
    series in scope, specials left out, by the year the season began. Odd lengths stay in:
    medians bear them. n and left_out of a trend row add up to all films or seasons.
    """
    in_scope = dim_title.where("in_scope").select("title_key", "kind")
    seen = _lengths(fact_title, in_scope).unionByName(_seasons(fact_season, in_scope))
    summed = _sums(_trend_reasons(seen))
    # One row a calendar year and measure: it doesn't grow with the data.
    found = summed.collect()
    rows = [_with_trend(row, found) for row in found]
    return as_table(fact_title.sparkSession.createDataFrame(rows, TRENDS.ddl), TRENDS)


def _lengths(fact_title: DataFrame, in_scope: DataFrame) -> DataFrame:
    """One row per film."""
    return (
        fact_title.join(in_scope.where("kind = 'movie'"), on="title_key", how="inner")
        .withColumn("reason", F.when(_unknown("runtime_minutes"), "no_runtime"))
        .select(*_observation("film_length", "start_year_key", "runtime_minutes"))
    )


def _seasons(fact_season: DataFrame, in_scope: DataFrame) -> DataFrame:
    """One row per season."""
    return (
        fact_season.join(in_scope.where("kind = 'series'"), on="title_key", how="inner")
        .withColumn(
            "reason",
            F.when(F.col("is_special"), "special").when(_unknown("episodes"), "no_episodes"),
        )
        .select(*_observation("episodes_per_season", "air_year_key", "episodes"))
    )


def _unknown(column: str) -> Column:
    return F.coalesce(F.col(column), F.lit(0)) <= 0


def _observation(measure: str, year: str, value: str) -> tuple[Column, ...]:
    return (
        F.lit(measure).alias("measure"),
        F.expr(f"nullif({year}, 0)").alias("year"),
        F.when(F.col("reason").isNull(), F.col(value)).cast("double").alias("value"),
        F.col("reason"),
    )


def _trend_reasons(seen: DataFrame) -> DataFrame:
    """Adds why an observation that has a value is still no part of the trend."""
    of_year = F.count("value").over(Window.partitionBy("measure", "year"))
    return seen.withColumn("of_year", of_year).withColumn(
        "reason",
        F.coalesce(
            F.col("reason"),
            F.when(F.col("year").isNull(), "no_year"),
            F.when(F.col("of_year") < FEWEST_A_YEAR, "year_under_5"),
        ),
    )


def _sums(seen: DataFrame) -> DataFrame:
    """One row per measure × year over what has a value, and one per measure over its trend."""
    by_year = seen.where("year is not null").groupBy("measure", "year")
    trend = seen.groupBy("measure", F.lit(None).cast("int").alias("year"))
    return by_year.agg(
        *_summary(F.col("value")), left_out(*_UNMEASURED).alias("left_out")
    ).unionByName(
        trend.agg(
            *_summary(F.when(F.col("reason").isNull(), F.col("value"))),
            left_out(*_UNMEASURED, "no_year", "year_under_5").alias("left_out"),
        )
    )


def _summary(value: Column) -> tuple[Column, ...]:
    quartiles = F.percentile(value, F.array(F.lit(0.25), F.lit(0.5), F.lit(0.75)))
    return (
        F.count(value).alias("n"),
        quartiles[1].alias("median"),
        quartiles[0].alias("q1"),
        quartiles[2].alias("q3"),
    )


def _with_trend(row: Row, found: list[Row]) -> tuple[Any, ...]:
    trend = Estimate() if row.year is not None else _trend(row.measure, found)
    return (
        *(row.measure, row.year, row.n, row.median, row.q1, row.q3),
        *(trend.value, trend.low, trend.high, row.left_out),
    )


def _trend(measure: str, found: list[Row]) -> Estimate:
    years = [
        row
        for row in found
        if row.measure == measure and row.year is not None and row.n >= FEWEST_A_YEAR
    ]
    return slope_per_decade([row.year for row in years], [row.median for row in years])
