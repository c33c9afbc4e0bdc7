"""What the page carries of the answers' population: columns from which it draws every chart."""

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from datalake.questions.people.estimate import FEWEST_TITLES, rating
from datalake.questions.population import Credits, Keys, Population
from datalake.statistics.estimate import Values

TITLES = 50_000
"""Titles that a page carries at most: with them it stays under 3 MB."""

MEASURES = {
    **{"start_year": "year", "runtime_minutes": "runtime_minutes"},
    **{name: name for name in ("budget", "revenue", "popularity")},
    **{name: name for name in ("imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes")},
    **{name: name for name in ("years_on_air", "seasons", "episodes")},
}


def carried(population: Population, names: Mapping[int, str]) -> dict[str, Any]:
    """The columns, lowest keys first; `names` calls people by key.

    A title: name, kind (1: a series), genres (a bit for each in scope) and measures. A season:
    title, year, episodes; specials are none. A credit: role, person, title; `people` are in the
    order of their keys. Titles and people are told by place. A title that no chart can name has
    no name, and people with too few rated titles for any list are left out.
    """
    part = population.where(np.arange(len(population.titles)) < TITLES)
    titles, seasons, credits = part.titles, part.seasons, enough(part)
    people, person = np.unique(credits.person, return_inverse=True)
    named = titles.known("budget")
    named[credits.title] = True
    counted = seasons.where(~seasons.special & (seasons.episodes > 0))
    return {
        "titles": {
            "name": [name if shown else "" for name, shown in zip(titles.name, named, strict=True)],
            "kind": [int(kind == "series") for kind in titles.kind],
            "genres": _bits(titles.genres, part.scope),
            **{new: _plain(titles[old]) for old, new in MEASURES.items()},
        },
        "seasons": {
            "title": counted.title.tolist(),
            **{"year": _plain(counted.year), "episodes": _plain(counted.episodes)},
        },
        "credits": {
            **{"role": credits.role.tolist(), "person": person.tolist()},
            "title": credits.title.tolist(),
        },
        "people": [names[key] for key in people.tolist()],
        "all": len(population.titles) + sum(population.beyond_limit.values()),
    }


def packed(columns: Mapping[str, Any]) -> str:
    """The columns as the page's script unpacks them: JSON, gzip, base64; the same every time."""
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii")


def enough(part: Population) -> Credits:
    """Credits on rated titles, of people with enough of them in a role."""
    credits = part.credits
    rated = credits.where(~np.isnan(rating(part.titles))[credits.title])
    titles: dict[tuple[str, int], int] = {}
    whose = list(zip(rated.role.tolist(), rated.person.tolist(), strict=True))
    for one in whose:
        titles[one] = titles.get(one, 0) + 1
    return rated.where(np.array([titles[one] >= FEWEST_TITLES for one in whose], dtype=bool))


def people_of(population: Population) -> Keys:
    """Keys of the people whose names the page needs."""
    part = population.where(np.arange(len(population.titles)) < TITLES)
    return np.unique(enough(part).person)


def _bits(genres: Iterable[str], scope: tuple[str, ...]) -> list[int]:
    bits = {genre: 1 << place for place, genre in enumerate(scope)}
    return [sum(bits.get(genre, 0) for genre in of_title.split("+")) for of_title in genres]


def _plain(values: Values) -> list[float | int | None]:
    """As JSON writes them shortest: whole numbers whole, unknown null."""
    return [
        None if value != value else int(value) if value.is_integer() else value  # noqa: PLR0124
        for value in values.tolist()
    ]
