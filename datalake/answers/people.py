"""Q2: whose titles are rated best: creators, directors, leading actors?"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from datalake.answers.columns import DECIMALS, as_table, named_counts
from datalake.answers.statistics import NORMAL_95
from datalake.schemas.answers import PEOPLE

FEWEST_TITLES = 3
SHOWN = 100
"""People a role that the answer lists."""

ROUNDING = 1e-9
"""Square rating points: a variance below comes of floating-point numbers, not of people."""


def people(
    fact_title: DataFrame, fact_credit: DataFrame, dim_title: DataFrame, dim_person: DataFrame
) -> DataFrame:
    """One row per role × person, at most 100 a role, best first.

    A title's rating is the mean of its IMDb and TMDB rating. The score is the person's mean
    rating shrunk to the role's (empirical Bayes, normal-normal): n titles weigh n, the role's
    mean weighs k = variance within people / variance between people, both estimated by one-way
    analysis of variance over the role's people with three titles or more. Where people differ
    no more than their titles do, k is null and every score is the role's mean, no interval.
    Ties go to more IMDb votes, then to the name.
    """
    titles = _titles(fact_title, dim_title)
    rated = titles.where("rating is not null")
    persons = _persons(_credits(fact_credit).join(rated, on="title_key", how="inner"))
    eligible = persons.where(F.col("titles") >= FEWEST_TITLES).join(
        dim_person.select("person_key", "name"), on="person_key", how="inner"
    )
    listed = _ranked(_shrunk(eligible))
    left_out = F.broadcast(_left_out(persons, titles))
    return as_table(listed.join(left_out, on="role", how="inner"), PEOPLE)


def _titles(fact_title: DataFrame, dim_title: DataFrame) -> DataFrame:
    """One row per title in scope; `rating` is null without both ratings."""
    measures = ("imdb_rating", "tmdb_rating", "imdb_votes", "tmdb_votes")
    return (
        dim_title.where("in_scope")
        .join(fact_title, on="title_key", how="inner")
        .withColumn("rating", (F.col("imdb_rating") + F.col("tmdb_rating")) / 2)
        .select("title_key", "primary_title", "rating", *measures)
    )


def _credits(fact_credit: DataFrame) -> DataFrame:
    """One row per title × person × role that the question asks about."""
    makers = fact_credit.where(F.col("role").isin("creator", "director"))
    first_billed = (
        fact_credit.where("role = 'actor' and cast_order is not null")
        .groupBy("title_key")
        .agg(F.min(F.struct("cast_order", "person_key")).alias("first"))
        .select("title_key", "first.person_key", F.lit("lead_actor").alias("role"))
    )
    columns = ("title_key", "person_key", "role")
    return makers.select(*columns).unionByName(first_billed).where("person_key != 0")


def _persons(rated_credits: DataFrame) -> DataFrame:
    """One row per role × person: what their rated titles say."""
    best_known = F.sort_array(
        F.collect_list(F.struct("imdb_votes", "primary_title")), asc=False
    ).getField("primary_title")
    return rated_credits.groupBy("role", "person_key").agg(
        F.count("*").alias("titles"),
        F.avg("imdb_rating").alias("imdb_mean"),
        F.avg("tmdb_rating").alias("tmdb_mean"),
        F.avg("rating").alias("mean"),
        (F.var_pop("rating") * F.count("*")).alias("squares"),
        F.sum("imdb_votes").alias("imdb_votes"),
        F.sum("tmdb_votes").alias("tmdb_votes"),
        F.slice(best_known, 1, 3).alias("best_known"),
    )


def _shrunk(eligible: DataFrame) -> DataFrame:
    """Adds the role's prior, and each person's score with its 95 % interval."""
    role = Window.partitionBy("role")
    titles, people_of_role = F.sum("titles").over(role), F.count("*").over(role)
    between_squares = F.sum(F.expr("titles * power(mean - prior_mean, 2)")).over(role)
    # How many titles a person has, for the variance between people of unequal many titles.
    spread_titles = titles - F.sum(F.expr("titles * titles")).over(role) / titles
    weight, n, mean, prior = (F.col(c) for c in ("prior_weight", "titles", "mean", "prior_mean"))
    error = NORMAL_95 * F.sqrt(F.col("within") / (n + weight))
    return (
        eligible.withColumn("prior_mean", F.sum(F.col("titles") * mean).over(role) / titles)
        .withColumn("within", F.sum("squares").over(role) / (titles - people_of_role))
        .withColumn("excess", between_squares - (people_of_role - 1) * F.col("within"))
        .withColumn("between", F.try_divide(F.col("excess"), spread_titles))
        .withColumn("prior_weight", _prior_weight())
        .withColumn("exact_score", F.coalesce((n * mean + weight * prior) / (n + weight), prior))
        .withColumn("score", F.round("exact_score", DECIMALS))
        .withColumn("ci_low", F.col("score") - error)
        .withColumn("ci_high", F.col("score") + error)
    )


def _prior_weight() -> Column:
    """Titles that the role's mean weighs; null where people don't differ, rounding set aside."""
    return F.when(F.col("between") > ROUNDING, F.col("within") / F.col("between"))


def _ranked(scored: DataFrame) -> DataFrame:
    order = (F.desc("score"), F.desc("imdb_votes"), F.asc("name"), F.asc("person_key"))
    place = F.row_number().over(Window.partitionBy("role").orderBy(*order))
    return scored.withColumn("rank", place).where(F.col("rank") <= SHOWN)


def _left_out(persons: DataFrame, titles: DataFrame) -> DataFrame:
    """One row per role: who and what its list leaves out."""
    unrated = titles.agg(F.count_if(F.col("rating").isNull()).alias("unrated"))
    eligible = F.count_if(F.col("titles") >= FEWEST_TITLES)
    of_role = persons.groupBy("role").agg(
        F.count_if(F.col("titles") < FEWEST_TITLES).alias("few_titles"),
        F.greatest(eligible - SHOWN, F.lit(0)).alias("beyond_list"),
    )
    left_out = named_counts(
        people_under_3_titles=F.col("few_titles"),
        people_beyond_rank_100=F.col("beyond_list"),
        titles_without_both_ratings=F.col("unrated"),
    )
    return of_role.crossJoin(unrated).select("role", left_out.alias("left_out"))
