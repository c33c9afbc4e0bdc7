"""Rows of a star for tests: built by hand or wild, loaded into Spark and into DuckDB."""

import json
import math
from datetime import date

import duckdb
import numpy as np

from datalake.questions.registry import TABLES
from datalake.schemas.query import Result
from datalake.schemas.refined import (
    BRIDGE_TITLE_GENRE,
    DIM_GENRE,
    DIM_PERSON,
    DIM_TITLE,
    FACT_CREDIT,
    FACT_SEASON,
    FACT_TITLE,
)
from datalake.sql.connection import duckdb_type

GENRES = [(0, None, False), (1, "Crime", True), (2, "War", True), (3, "Drama", False)]
SHARED = (
    DIM_TITLE,
    DIM_PERSON,
    DIM_GENRE,
    BRIDGE_TITLE_GENRE,
    FACT_TITLE,
    FACT_CREDIT,
    FACT_SEASON,
)


STATUSES = ("Ended", "Canceled", "Returning Series")


def row(table, **values):
    """A row of the table; columns not named are null."""
    assert set(values) <= set(table.names)
    return {name: values.get(name) for name in table.names}


def empty_star():
    star = {table.name: [] for table in SHARED}
    star["dim_genre"] = [dict(zip(DIM_GENRE.names, genre, strict=True)) for genre in GENRES]
    star["dim_title"] = [row(DIM_TITLE, title_key=0, in_scope=False)]
    star["dim_person"] = [row(DIM_PERSON, person_key=0)]
    return star


def add_title(
    star,
    key,
    kind="movie",
    year=None,
    genres=("Crime",),
    tmdb=True,
    status=None,
    collection_id=None,
    **measures,
):
    decade = year and year // 10 * 10
    keys = {name: genre_key for genre_key, name, _ in GENRES}
    star["dim_title"].append(
        row(
            DIM_TITLE,
            **{"title_key": key, "title_id": f"tt{key:07}", "tmdb_id": key if tmdb else None},
            **{"kind": kind, "primary_title": f"Title {key}", "start_year": year},
            **{"decade": decade, "in_scope": bool({"Crime", "War"} & set(genres))},
            **{"status": status, "collection_id": collection_id},
        )
    )
    star["bridge_title_genre"] += [
        row(BRIDGE_TITLE_GENRE, title_key=key, genre_key=keys[name], weight=1 / len(genres))
        for name in genres
    ]
    measures = {
        "imdb_rating": 6.0,
        "imdb_votes": 10,
        "tmdb_rating": 6.0,
        "tmdb_votes": 5,
    } | measures
    star["fact_title"].append(
        row(
            FACT_TITLE,
            **{"load_date": date(2022, 5, 1), "title_key": key, "start_year_key": year or 0},
            **measures,
        )
    )


def add_credit(star, title, person, role, cast_order=None, imdb_order=None):
    orders = {"cast_order": cast_order, "imdb_order": imdb_order}
    star["fact_credit"].append(
        row(FACT_CREDIT, title_key=title, person_key=person, role=role, **orders)
    )


def wild_star(seed=7, titles=700):
    """Ties, nulls, unknown members, titles out of scope, people with one title and with many."""
    random = np.random.default_rng(seed)
    star = empty_star()

    def maybe(value, share=0.8):
        return value if random.random() < share else None

    for person in range(1, 61):
        name = f"Person {person % 40}"
        star["dim_person"].append(row(DIM_PERSON, person_key=person, name=name))
    add_title(star, titles + 1, year=1905, runtime_minutes=11)
    for key in range(1, titles + 1):
        kind = "movie" if random.random() < 0.7 else "series"
        film = kind == "movie"
        genres = random.choice(["Crime", "War", "Drama"], size=random.integers(1, 4), replace=False)
        fame = random.normal()
        people = set(random.integers(0, 61, size=3).tolist())
        talent = max(people) % 7 / 2 - 1.5
        add_title(
            star,
            key,
            kind,
            maybe(int(random.choice([1894, 1950, 1987, *range(2000, 2022)])), 0.95),
            tuple(str(genre) for genre in genres),
            tmdb=random.random() < 0.9,
            status=None if film else maybe(str(random.choice(STATUSES)), 0.95),
            collection_id=1 + key % 7 if film and key % 3 else None,
            budget=maybe(int(10 ** round(random.normal(6 + fame, 1), 1))) if film else None,
            revenue=maybe(int(10 ** round(random.normal(6 + fame, 1), 1))) if film else None,
            popularity=maybe(round(math.exp(fame + random.normal()), 1)),
            imdb_rating=round(
                float(np.clip(6 + talent + fame / 2 + random.normal() / 2, 1, 10)), 1
            ),
            imdb_votes=int(math.exp(4 + fame)),
            tmdb_rating=maybe(round(float(np.clip(6 + talent + fame / 2, 0.5, 10)) * 2) / 2),
            tmdb_votes=int(math.exp(3 + fame)),
            runtime_minutes=maybe(int(random.choice([1, 70, 90, 95, 120, 999, 43200]))),
            years_on_air=None if film else maybe(int(random.integers(1, 9))),
            seasons=None if film else maybe(int(random.integers(1, 6))),
            episodes=None if film else maybe(int(random.integers(1, 99))),
        )
        for person in people:
            for role in ("director", "creator", "writer"):
                if random.random() < 0.4:
                    add_credit(star, key, person, role)
            cast_order, imdb_order = maybe(int(random.integers(0, 3))), 1 + (key + person) % 3
            add_credit(star, key, person, "actor", cast_order, imdb_order if key % 5 else None)
        for season in range(0 if film else random.integers(0, 7)):
            star["fact_season"].append(
                row(
                    FACT_SEASON,
                    **{"title_key": key, "season_number": season, "is_special": season == 0},
                    air_year_key=int(random.choice([0, 1999, *range(2005, 2018)])),
                    episodes=maybe(int(random.integers(0, 25)), 0.9),
                )
            )
    add_earlier_load(star)
    return star


def add_earlier_load(star):
    """A month before: fewer votes; titles that are new, gone, re-dated, not asked again."""
    newest = {"imdb_day": date(2022, 5, 1), "fetched_at": "2022-04-30T10:00:00"}
    before = {"load_date": date(2022, 4, 1), "imdb_day": date(2022, 4, 2)}
    earlier = []
    for number, now in enumerate(star["fact_title"]):
        now.update(newest)
        key, popularity = now["title_key"], now["popularity"]
        again = "2022-03-31T22:30:00" if key % 5 else newest["fetched_at"]
        then = now | before | {"fetched_at": again, "imdb_votes": now["imdb_votes"] * 4}
        now["imdb_votes"] = then["imdb_votes"] + key * 37 % 23
        if popularity is not None:
            then["popularity"] = popularity * (1 + key % 3)
        if key % 13 == 0:
            then["start_year_key"] = 1800
        if number % 11:
            earlier.append(then)
    gone = max(now["title_key"] for now in star["fact_title"]) + 1
    star["dim_title"].append(row(DIM_TITLE, title_key=gone, kind="movie", in_scope=False))
    earlier.append(row(FACT_TITLE, title_key=gone, start_year_key=0, **before))
    star["fact_title"] += earlier


def spark_frames(spark, star, folder):
    """Every table as a DataFrame by name, read from files so that Spark knows its size."""
    return {
        table.name: spark.read.schema(table.ddl).json(str(write(table, star, folder)))
        for table in TABLES
    }


def duck_tables(star, folder, tables=SHARED):
    """The star's tables in a DuckDB connection."""
    connection = duckdb.connect()
    for table in tables:
        types = {c.name: duckdb_type(c) for c in table.columns}
        connection.execute(
            f"create or replace table {table.name} as select * from read_json("
            f"'{write(table, star, folder)}', format = 'newline_delimited', columns = {types})"
        )
    return connection


def duck_query(star, folder):
    """A query on every table, as the lake's commands make one without Spark."""
    connection = duck_tables(star, folder, TABLES)

    def query(sql):
        cursor = connection.execute(sql.format_map({table.name: table.name for table in TABLES}))
        return Result([name for name, *_ in cursor.description], cursor.fetchall())

    return query


def write(table, star, folder):
    """The table's rows as JSON lines, and where they lie."""
    path = folder / f"{table.name}.json"
    path.write_text("\n".join(json.dumps(r, default=str) for r in star.get(table.name, ())))
    return path
