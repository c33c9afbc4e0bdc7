"""What the page computes its charts from: titles in scope, column by column, and who made them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from datalake.answers.people import FEWEST_TITLES, credits_asked_about
from datalake.schemas import Table
from datalake.schemas.refined import (
    BRIDGE_TITLE_GENRE,
    DIM_GENRE,
    DIM_PERSON,
    DIM_TITLE,
    FACT_CREDIT,
    FACT_SEASON,
    FACT_TITLE,
)

Row = Mapping[str, Any]
Read = Callable[[Table], DataFrame]

TITLES = 60_000
"""Titles that a page carries at most: with them it stays under 3 MB."""

MEASURES = (
    *("kind", "genres", "year", "runtime_minutes", "budget", "revenue", "popularity"),
    *("imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes"),
    *("years_on_air", "seasons", "episodes"),
)


@dataclass(frozen=True)
class Population:
    """The newest load's titles in scope, lowest keys first; `behind` more did not fit.

    A title: its name and `MEASURES`; `kind` is 1 for a series, `genres` has a bit for each genre
    in scope. A season: series (place in `titles`), year, episodes; specials are no seasons.
    A credit: person (place in `people`, which is in the order of names), title and role;
    people with too few rated titles for any list are left out.
    """

    titles: Sequence[Row] = ()
    seasons: Sequence[Row] = ()
    people: Sequence[str] = ()
    credits: Sequence[Row] = ()
    behind: int = 0

    def columns(self) -> dict[str, Any]:
        """The population as JSON may hold it; a title that no chart names has no name."""
        named = {credit["title"] for credit in self.credits}
        names = [
            title["name"] if place in named or title["budget"] else ""
            for place, title in enumerate(self.titles)
        ]
        return {
            "titles": {"name": names} | _columns(MEASURES, self.titles),
            "seasons": _columns(("title", "year", "episodes"), self.seasons),
            "people": list(self.people),
            "credits": _columns(("role", "person", "title"), self.credits),
            "behind": self.behind,
        }


def _columns(names: Sequence[str], rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in names}


def population(read: Read, load_date: date | None, genres: Sequence[str]) -> Population:
    """The titles of that load, their seasons and makers; `genres` are those in scope."""
    found = _titles(read, load_date, genres)
    titles = [row.asDict() for row in found.orderBy("title_key").limit(TITLES).collect()]
    behind = found.count() - TITLES if len(titles) == TITLES else 0
    places = {title["title_key"]: place for place, title in enumerate(titles)}
    carried = found.where(F.col("title_key") <= max(places, default=0))
    people, credits = _people(_credits(read, carried).collect(), places)
    return Population(titles, _seasons(read, places), people, credits, behind)


def _titles(read: Read, load_date: date | None, genres: Sequence[str]) -> DataFrame:
    """One row per title in scope."""
    bits = sum(
        (F.when(F.col("genre") == genre, 1 << bit).otherwise(0) for bit, genre in enumerate(genres)),
        start=F.lit(0),
    )
    of_scope = (
        read(BRIDGE_TITLE_GENRE)
        .join(F.broadcast(read(DIM_GENRE).where("in_scope")), on="genre_key", how="inner")
        .groupBy("title_key")
        .agg(F.sum(bits).alias("genres"))
    )
    return (
        read(DIM_TITLE)
        .where("in_scope")
        .join(read(FACT_TITLE).where(F.col("load_date") == F.lit(load_date)), on="title_key")
        .join(of_scope, on="title_key", how="left")
        .withColumn("kind", F.when(F.col("kind") == "series", 1).otherwise(0))
        .withColumns({"year": F.col("start_year"), "name": F.col("primary_title")})
        .withColumn("genres", F.coalesce("genres", F.lit(0)))
        .select("title_key", "name", *MEASURES)
    )


def _seasons(read: Read, places: Mapping[int, int]) -> list[Row]:
    """One row per season with a known number of episodes."""
    found = read(FACT_SEASON).where("not is_special and episodes > 0")
    return [
        {"title": places[row.title_key], "year": row.air_year_key or None, "episodes": row.episodes}
        for row in found.orderBy("title_key", "season_number").collect()
        if row.title_key in places
    ]


def _credits(read: Read, titles: DataFrame) -> DataFrame:
    """One row per title × person × role that the question asks about, of people with enough."""
    rated = titles.where("imdb_rating is not null and tmdb_rating is not null")
    of_person = Window.partitionBy("role", "person_key")
    return (
        credits_asked_about(read(FACT_CREDIT))
        .join(rated.select("title_key"), on="title_key", how="inner")
        .withColumn("titles", F.count("*").over(of_person))
        .where(F.col("titles") >= FEWEST_TITLES)
        .join(read(DIM_PERSON).select("person_key", "name"), on="person_key", how="inner")
        .select("role", "person_key", "name", "title_key")
    )


def _people(found: Sequence[Any], places: Mapping[int, int]) -> tuple[list[str], list[Row]]:
    """Names in their order, and credits that point into them."""
    persons = sorted({(row.name, row.person_key) for row in found})
    order = {key: place for place, (_, key) in enumerate(persons)}
    credits = [
        {"role": row.role, "person": order[row.person_key], "title": places[row.title_key]}
        for row in found
    ]
    credits.sort(key=lambda credit: (credit["role"], credit["person"], credit["title"]))
    return [name for name, _ in persons], credits
