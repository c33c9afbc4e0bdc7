"""Who the questions are about, fetched once: titles in scope, their makers and their seasons.

The answers are computed on arrays, because each is computed many times over: by genre, by
decade, adjusted, and with other choices. What is fetched is bounded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from datalake.answers.estimate import Mask, Values

FETCH_LIMIT = 200_000
"""Titles that the answers are computed on at most: some 200 MB."""

ALL = "all"
ROLES = ("creator", "director", "lead_actor")
_MEASURES = (
    *("start_year", "decade", "tmdb_id", "imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes"),
    *("popularity", "budget", "revenue", "runtime_minutes", "seasons", "episodes", "years_on_air"),
)
_FAME_LIMITS = (100, 1_000, 10_000)

Keys = NDArray[np.int64]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Titles:
    """One place per title in scope, ordered by key; measures are NaN where unknown."""

    key: Keys
    name: Texts
    kind: Texts
    genres: Texts
    measures: Mapping[str, Values]

    def __getitem__(self, measure: str) -> Values:
        return self.measures[measure]

    def __len__(self) -> int:
        return len(self.key)

    def where(self, chosen: Mask | Keys) -> "Titles":
        """The chosen titles."""
        measures = {name: values[chosen] for name, values in self.measures.items()}
        texts = (self.name[chosen], self.kind[chosen], self.genres[chosen])
        return Titles(self.key[chosen], *texts, measures)

    def of_kind(self, kind: str) -> Mask:
        """Which are of that kind; `all`: every one."""
        return np.full(len(self), True) if kind == ALL else self.kind == kind

    def of_genre(self, genre: str) -> Mask:
        """Which have that genre; `all`: every one."""
        if genre == ALL:
            return np.full(len(self), True)
        combinations, place = np.unique(self.genres.astype(str), return_inverse=True)
        has = np.array([genre in combination.split("+") for combination in combinations], bool)
        return has[place] if len(self) else np.zeros(0, dtype=bool)

    def known(self, *measures: str) -> Mask:
        """Which have all of these measures."""
        unknown = (np.isnan(self[measure]) for measure in measures)
        return ~sum(unknown, start=np.full(len(self), False))

    @property
    def fame(self) -> Values:
        """0 under 100 IMDb votes, 1 under 1,000, 2 under 10,000, else 3."""
        votes = np.nan_to_num(self["imdb_votes"])
        return np.searchsorted(_FAME_LIMITS, votes, side="right").astype(float)


@dataclass(frozen=True)
class Credits:
    """One place per title × person × role that question 2 asks about."""

    title: Keys
    person: Keys
    role: Texts

    def where(self, chosen: Mask) -> "Credits":
        """The chosen credits."""
        return Credits(self.title[chosen], self.person[chosen], self.role[chosen])


@dataclass(frozen=True)
class Seasons:
    """One place per season of a series in scope; year and episodes are NaN where unknown."""

    title: Keys
    year: Values
    episodes: Values
    special: Mask

    def where(self, chosen: Mask) -> "Seasons":
        """The chosen seasons."""
        year, episodes = self.year[chosen], self.episodes[chosen]
        return Seasons(self.title[chosen], year, episodes, self.special[chosen])


@dataclass(frozen=True)
class Population:
    """All that the four answers are computed from; `title` in the others is a place in `titles`.

    `behind` tells, by kind, how many titles stayed behind because there are too many.
    """

    titles: Titles
    credits: Credits
    seasons: Seasons
    scope: tuple[str, ...]
    behind: Mapping[str, int]

    @property
    def genres(self) -> tuple[str, ...]:
        """What a genre filter offers."""
        return (ALL, *self.scope)

    def where(self, chosen: Mask) -> "Population":
        """The population without the other titles, their makers and their seasons."""
        place = np.cumsum(chosen) - 1
        credits = self.credits.where(chosen[self.credits.title])
        seasons = self.seasons.where(chosen[self.seasons.title])
        return replace(
            self,
            titles=self.titles.where(chosen),
            credits=replace(credits, title=place[credits.title]),
            seasons=replace(seasons, title=place[seasons.title]),
        )


def population(star: Mapping[str, DataFrame], limit: int = FETCH_LIMIT) -> Population:
    """The population from the star's tables by name; `fact_title` holds one load.

    Of more than `limit` titles those with the lowest keys are taken: keys are hashes, so that
    is a sample at random that every run draws again.
    """
    genres = star["dim_genre"].where("in_scope").select("genre_key", "genre")
    frame = _titles(star, genres)
    rows = frame.orderBy("title_key").limit(limit + 1).collect()
    behind = {}
    if len(rows) > limit:
        rows = rows[:limit]
        beyond = frame.where(F.col("title_key") > rows[-1].title_key)
        behind = {row.kind: row["count"] for row in beyond.groupBy("kind").count().collect()}
    titles = _as_titles(rows)
    last = int(titles.key[-1]) if rows else -1
    in_scope = star["dim_title"].where("in_scope").where(F.col("title_key") <= last)
    in_scope = in_scope.select("title_key")
    return Population(
        titles,
        _as_credits(_credits(star["fact_credit"].join(in_scope, "title_key")).collect(), titles),
        _as_seasons(star["fact_season"].join(in_scope, "title_key").collect(), titles),
        tuple(sorted(row.genre for row in genres.collect())),
        behind,
    )


def _titles(star: Mapping[str, DataFrame], genres: DataFrame) -> DataFrame:
    """One row per title in scope; `genres` are those in scope, in order, joined by +."""
    of_title = (
        star["bridge_title_genre"]
        .join(F.broadcast(genres), on="genre_key", how="inner")
        .groupBy("title_key")
        .agg(F.array_join(F.array_sort(F.collect_set("genre")), "+").alias("genres"))
    )
    return (
        star["dim_title"]
        .where("in_scope")
        .join(star["fact_title"], on="title_key", how="inner")
        .join(of_title, on="title_key", how="left")
        .select("title_key", "primary_title", "kind", "genres", *_MEASURES)
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
    found = makers.select(*columns).unionByName(first_billed).where("person_key != 0")
    return found.orderBy(*columns)


def _as_titles(rows: Sequence[Row]) -> Titles:
    measures = np.array([row[4:] for row in rows], dtype=float).reshape(-1, len(_MEASURES))
    name, kind, genres = (np.array([row[i] or "" for row in rows], object) for i in (1, 2, 3))
    key = np.array([row[0] for row in rows], dtype=np.int64)
    return Titles(key, name, kind, genres, dict(zip(_MEASURES, measures.T, strict=True)))


def _as_credits(rows: Sequence[Row], titles: Titles) -> Credits:
    keys = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2)
    role = np.array([row[2] for row in rows], dtype=object)
    return Credits(np.searchsorted(titles.key, keys[:, 0]), keys[:, 1], role)


def _as_seasons(rows: Sequence[Row], titles: Titles) -> Seasons:
    columns = ("title_key", "air_year_key", "episodes", "is_special")
    keys = np.array([row[columns[0]] for row in rows], dtype=np.int64)
    year, episodes = (np.array([row[c] for row in rows], dtype=float) for c in columns[1:3])
    special = np.array([row[columns[3]] for row in rows], dtype=bool)
    year = np.where(year == 0, np.nan, year)
    return Seasons(np.searchsorted(titles.key, keys), year, episodes, special)
