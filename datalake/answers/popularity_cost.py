"""Q1: do films that cost more draw more attention?"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.answers.columns import as_table, centred_rank, left_out
from datalake.answers.statistics import FEWEST, NORMAL_95
from datalake.schemas.answers import POPULARITY_COST

_MEASURES = ("tmdb_popularity", "imdb_votes")
_CELL = ("measure", "stratum_type", "stratum")


def popularity_cost(
    fact_title: DataFrame, dim_title: DataFrame, bridge_title_genre: DataFrame, dim_genre: DataFrame
) -> DataFrame:
    """One row per measure × stratum: Spearman's rho of budget (USD) and measure, with its interval.

    Population: films in scope, over all, per genre in scope and per decade of release.
    A film is left out for the first reason that holds, so n and left_out add up to all films.
    TMDB keeps no budgets of series, so the question is about films alone.
    """
    films = _films(fact_title, dim_title)
    strata = _strata(films, bridge_title_genre.join(dim_genre, on="genre_key", how="inner"))
    ranked = _measures(strata).select(
        *_CELL,
        "reason",
        centred_rank("budget", (*_CELL, "reason")).alias("budget_rank"),
        centred_rank("value", (*_CELL, "reason")).alias("value_rank"),
    )
    cells = (
        ranked.groupBy(*_CELL)
        .agg(
            F.count_if(F.col("reason").isNull()).alias("n"),
            _correlation("budget_rank", "value_rank").alias("rho"),
            left_out("no_tmdb", "no_budget", "no_measure").alias("left_out"),
        )
        .withColumn("rho", F.when(F.col("n") >= FEWEST, F.col("rho")))
        .withColumn("ci_low", _bonett_wright(-1))
        .withColumn("ci_high", _bonett_wright(+1))
    )
    return as_table(cells, POPULARITY_COST)


def _films(fact_title: DataFrame, dim_title: DataFrame) -> DataFrame:
    return (
        dim_title.where("in_scope and kind = 'movie'")
        .join(fact_title, on="title_key", how="inner")
        .withColumn("tmdb_popularity", F.col("popularity"))
        .select("title_key", "tmdb_id", "decade", "budget", *_MEASURES)
    )


def _strata(films: DataFrame, genres: DataFrame) -> DataFrame:
    """One row per film × stratum it belongs to."""

    def stratum(members: DataFrame, kind: str, name: Column) -> DataFrame:
        return members.select(
            F.lit(kind).alias("stratum_type"), name.cast("string").alias("stratum"), *films.columns
        )

    of_scope = genres.where("in_scope").select("title_key", "genre")
    return (
        stratum(films, "all", F.lit("all"))
        .unionByName(stratum(films.where("decade is not null"), "decade", F.col("decade")))
        .unionByName(
            stratum(films.join(of_scope, on="title_key", how="inner"), "genre", F.col("genre"))
        )
    )


def _measures(strata: DataFrame) -> DataFrame:
    """One row per measure × stratum × film; `reason` tells why a film doesn't count, if so."""
    return (
        strata.unpivot(["tmdb_id", "budget", *_CELL[1:]], list(_MEASURES), "measure", "value")
        .withColumn(
            "reason",
            F.when(F.col("tmdb_id").isNull(), "no_tmdb")
            .when(F.col("budget").isNull(), "no_budget")
            .when(F.col("value").isNull(), "no_measure"),
        )
        .select(*_CELL, "reason", "budget", "value")
    )


def _correlation(left: str, right: str) -> Column:
    """Aggregate: Pearson's correlation over the rows that count; null where one never varies."""
    a, b = (F.when(F.col("reason").isNull(), F.col(name)) for name in (left, right))
    return F.try_divide(F.covar_pop(a, b), F.stddev_pop(a) * F.stddev_pop(b))


def _bonett_wright(side: int) -> Column:
    """An end of rho's 95 % interval: Fisher's z with Bonett and Wright's (2000) variance."""
    rho = F.greatest(F.lit(-1.0), F.least(F.lit(1.0), F.col("rho")))
    error = F.sqrt((1 + rho * rho / 2) / (F.col("n") - 3))
    return F.when(F.col("rho").isNotNull(), F.tanh(F.atanh(rho) + side * NORMAL_95 * error))
