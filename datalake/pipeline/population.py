"""Fetches the population from the star schema, once, and never more than one machine can hold."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from datalake.pipeline.population_loads import fetch_loads
from datalake.questions.population import Credits, Population, Seasons, Titles
from datalake.schemas.query import Query

FETCH_LIMIT = 200_000
"""The answers are computed on so many titles at most: some 200 MB."""

_TEXTS = ("title_id", "primary_title", "kind")
_MEASURES = (
    *("start_year", "decade", "tmdb_id", "imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes"),
    *("popularity", "budget", "revenue", "runtime_minutes", "seasons", "episodes", "years_on_air"),
    *("collection_id", "ended"),
)
_ENDED = "cast(status in ('Ended', 'Canceled') as int) as ended"  # what TMDB says of series over
Rows = Sequence[tuple[Any, ...]]


def fetch_population(query: Query, limit: int = FETCH_LIMIT) -> Population:
    """The population of the newest load.

    Of more than `limit` titles those with the lowest keys are taken: keys are hashes, so that
    is a sample at random that every run draws again.
    """
    in_scope = f"from {{dim_title}} join {newest_facts(query)} using (title_key) where in_scope"
    columns = ", ".join(("title_key", *_TEXTS, *_MEASURES[:-1], _ENDED))
    title_rows = query(f"select {columns} {in_scope} order by title_key limit {limit + 1}").rows
    beyond_limit = {}
    if len(title_rows) > limit:
        title_rows = title_rows[:limit]
        beyond = f"{in_scope} and title_key > {title_rows[-1][0]}"
        beyond_limit = dict(query(f"select kind, count(*) {beyond} group by kind").rows)
    last_key = title_rows[-1][0] if title_rows else -1
    titles = _as_titles(title_rows, _genres(query, last_key))
    return Population(
        titles,
        _as_credits(_credits(query, last_key), titles),
        _as_seasons(_seasons(query, last_key), titles),
        tuple(genre for (genre,) in query(_GENRES_IN_SCOPE).rows),
        beyond_limit,
        has_tmdb=bool(titles.known("tmdb_rating").any()),
        loads=fetch_loads(query, titles.key),
    )


def newest_facts(query: Query) -> str:
    """SQL of `fact_title`'s newest load: one row per title."""
    ((load_date,),) = query("select max(load_date) from {fact_title}").rows
    return f"(select * from {{fact_title}} where load_date = date '{load_date or '0001-01-01'}')"


_GENRES_IN_SCOPE = "select genre from {dim_genre} where in_scope order by genre"


def _genres(query: Query, last_key: int) -> dict[int, str]:
    """By title up to `last_key`: its genres in scope, in order, joined by +."""
    rows = query(
        "select distinct title_key, genre from {bridge_title_genre} join {dim_genre}"
        f" using (genre_key) where in_scope and title_key <= {last_key} order by title_key, genre"
    ).rows
    by_title = groupby(rows, key=lambda row: row[0])
    return {key: "+".join(genre for _, genre in group) for key, group in by_title}


def _credits(query: Query, last_key: int) -> Rows:
    """One row per title × person × role: creators, directors and the first billed.

    That is TMDB's first; on a title whose cast TMDB doesn't bill, IMDb's first actor.
    """
    billing = "cast_order is null, coalesce(cast_order, imdb_order)"
    in_scope = f"join {{dim_title}} using (title_key) where in_scope and title_key <= {last_key}"
    return query(f"""
        select title_key, person_key, role from {{fact_credit}} {in_scope}
            and role in ('creator', 'director') and person_key <> 0
        union all
        select title_key, person_key, 'lead_actor' from (
            select title_key, person_key, row_number() over (
                partition by title_key order by {billing}, person_key) as billing
            from {{fact_credit}} {in_scope} and role = 'actor'
                and coalesce(cast_order, imdb_order) is not null
        ) as billed where billing = 1 and person_key <> 0
        order by title_key, person_key, role
    """).rows


def _seasons(query: Query, last_key: int) -> Rows:
    """One row per season, of series up to `last_key`."""
    return query(
        "select title_key, air_year_key, episodes, is_special from {fact_season} join {dim_title}"
        f" using (title_key) where in_scope and title_key <= {last_key}"
        " order by title_key, season_number"
    ).rows


def _as_titles(rows: Rows, genres: dict[int, str]) -> Titles:
    measures = np.array([row[4:] for row in rows], dtype=float).reshape(-1, len(_MEASURES))
    id_, name, kind = (np.array([row[i] or "" for row in rows], object) for i in (1, 2, 3))
    key = np.array([row[0] for row in rows], dtype=np.int64)
    texts = (id_, name, kind, np.array([genres.get(row[0], "") for row in rows], object))
    return Titles(key, *texts, dict(zip(_MEASURES, measures.T, strict=True)))


def _as_credits(rows: Rows, titles: Titles) -> Credits:
    keys = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2)
    role = np.array([row[2] for row in rows], dtype=object)
    return Credits(np.searchsorted(titles.key, keys[:, 0]), keys[:, 1], role)


def _as_seasons(rows: Rows, titles: Titles) -> Seasons:
    keys = np.array([row[0] for row in rows], dtype=np.int64)
    year, episodes = (np.array([row[i] for row in rows], dtype=float) for i in (1, 2))
    special = np.array([row[3] for row in rows], dtype=bool)
    year = np.where(year == 0, np.nan, year)
    return Seasons(np.searchsorted(titles.key, keys), year, episodes, special)
