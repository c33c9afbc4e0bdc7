"""The population of every question: titles in scope, their credits and seasons, as arrays.

Arrays, because each answer is computed many times: by genre, by decade, adjusted, and in variants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from datalake.questions.loads import Load
from datalake.statistics.estimate import Mask, Values

ALL = "all"
ROLES = ("creator", "director", "lead_actor")
_FAME_LIMITS = (100, 1_000, 10_000)

Keys = NDArray[np.int64]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Titles:
    """One element per title in scope, ordered by key; measures are NaN where unknown."""

    key: Keys
    id: Texts
    name: Texts
    kind: Texts
    genres: Texts
    measures: Mapping[str, Values]

    def __getitem__(self, measure: str) -> Values:
        """The measure; `return` is revenue over budget."""
        if measure == "return":
            budget = self["budget"]
            return self["revenue"] / np.where(budget > 0, budget, np.nan)
        return self.measures[measure]

    def __len__(self) -> int:
        return len(self.key)

    def where(self, chosen: Mask | Keys) -> "Titles":
        """The chosen titles."""
        measures = {name: values[chosen] for name, values in self.measures.items()}
        id_, name, kind, genres = (
            texts[chosen] for texts in (self.id, self.name, self.kind, self.genres)
        )
        return Titles(self.key[chosen], id_, name, kind, genres, measures)

    def of_kind(self, kind: str) -> Mask:
        """Which are of that kind; `all`: every one."""
        return np.full(len(self), True) if kind == ALL else self.kind == kind

    def of_genre(self, genre: str) -> Mask:
        """Which have that genre; `all`: every one."""
        if genre == ALL:
            return np.full(len(self), True)
        combinations, index = np.unique(self.genres.astype(str), return_inverse=True)
        has = np.array([genre in combination.split("+") for combination in combinations], bool)
        return has[index] if len(self) else np.zeros(0, dtype=bool)

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
    """One element per title × person × role of `ROLES`; `title` is an index into `Titles`."""

    title: Keys
    person: Keys
    role: Texts

    def where(self, chosen: Mask) -> "Credits":
        """The chosen credits."""
        return Credits(self.title[chosen], self.person[chosen], self.role[chosen])


@dataclass(frozen=True)
class Seasons:
    """One element per season of a series in scope; year and episodes are NaN where unknown."""

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
    """All that the answers are computed from; `title` in the others is an index into `titles`.

    `beyond_limit` counts, by kind, the titles that were left out because there are too many.
    `has_tmdb`: TMDB rates some of the titles; else IMDb's ratings are all there are. `loads`: the
    newest load, then earlier ones.
    """

    titles: Titles
    credits: Credits
    seasons: Seasons
    scope: tuple[str, ...]
    beyond_limit: Mapping[str, int]
    has_tmdb: bool = True
    loads: tuple[Load, ...] = ()

    @property
    def genres(self) -> tuple[str, ...]:
        """What a genre filter offers."""
        return (ALL, *self.scope)

    def where(self, chosen: Mask) -> "Population":
        """The population without the other titles, their makers and their seasons."""
        index = np.cumsum(chosen) - 1
        credits = self.credits.where(chosen[self.credits.title])
        seasons = self.seasons.where(chosen[self.seasons.title])
        return replace(
            self,
            titles=self.titles.where(chosen),
            credits=replace(credits, title=index[credits.title]),
            seasons=replace(seasons, title=index[seasons.title]),
            loads=tuple(load.where(chosen) for load in self.loads),
        )
