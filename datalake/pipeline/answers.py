"""Refined → the four answers, from the newest load."""

from pyspark.sql import functions as F

from datalake.answers.people import people
from datalake.answers.popularity_cost import popularity_cost
from datalake.answers.ratings import ratings
from datalake.answers.trends import trends
from datalake.schemas import answers as schema
from datalake.schemas import refined as star
from datalake.spark.tables import Tables


def build_answers(tables: Tables) -> None:
    """Answer the four questions from the star schema."""
    loads = tables.read(star.FACT_TITLE)
    newest = loads.agg(F.max("load_date").alias("load_date"))
    facts = loads.join(F.broadcast(newest), on="load_date", how="left_semi")
    titles, genres = tables.read(star.DIM_TITLE), tables.read(star.DIM_GENRE)
    bridge, credits = tables.read(star.BRIDGE_TITLE_GENRE), tables.read(star.FACT_CREDIT)
    persons, seasons = tables.read(star.DIM_PERSON), tables.read(star.FACT_SEASON)

    answers = {
        schema.POPULARITY_COST: popularity_cost(facts, titles, bridge, genres),
        schema.PEOPLE: people(facts, credits, titles, persons),
        schema.TRENDS: trends(facts, titles, seasons),
        schema.RATINGS: ratings(facts, titles),
    }
    with tables.step():
        tables.stage_all({table: rows.coalesce(1) for table, rows in answers.items()})
