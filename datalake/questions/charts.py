"""What a question's charts are, and the columns of the population that the page draws them from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from datalake.questions.population import Population, Titles
from datalake.report.chapter import Figure
from datalake.statistics.estimate import Mask, Values

TITLES = 50_000
"""Titles whose columns the page holds at most: with them it stays under 3 MB."""

MEASURES = {
    **{"start_year": "year", "runtime_minutes": "runtime_minutes"},
    **{name: name for name in ("budget", "revenue", "popularity")},
    **{name: name for name in ("imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes")},
    **{name: name for name in ("years_on_air", "seasons", "episodes", "ended")},
    "collection_id": "collection",
}
"""A title's measures, and what they are called on the page."""


def _no_title(population: Population) -> Mask:
    return np.full(len(population.titles), False)


def _no_columns(population: Population) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Charts:
    """A question's figures, in order, and what its `page.js` needs for them.

    `constants` are what the script takes from Python; `named` says which titles a chart names;
    `columns` gives what charts need beyond the titles' measures.
    """

    figures: Sequence[Figure]
    constants: Mapping[str, Any] = field(default_factory=dict)
    named: Callable[[Population], Mask] = _no_title
    columns: Callable[[Population], Mapping[str, Any]] = _no_columns


def chart_data(population: Population, charts: Iterable[Charts]) -> dict[str, Any]:
    """The columns that all charts are drawn from, those of the lowest keys' titles.

    A title: IMDb id, name, kind (1: a series), genres (a bit for each in scope) and measures. Other
    columns refer to titles by index. A title that no chart names has no id and no name.
    """
    part = population.where(np.arange(len(population.titles)) < TITLES)
    charts = list(charts)
    named = np.logical_or.reduce([chart.named(part) for chart in charts])
    data: dict[str, Any] = {"titles": _title_columns(part.titles, named, part.scope)}
    for chart in charts:
        data |= chart.columns(part)
    return data | {"all": len(population.titles) + sum(population.beyond_limit.values())}


def _title_columns(titles: Titles, named: Mask, scope: Sequence[str]) -> dict[str, Any]:
    return {
        "id": np.where(named, titles.id, "").tolist(),
        "name": np.where(named, titles.name, "").tolist(),
        "kind": [int(kind == "series") for kind in titles.kind],
        "genres": _bit_masks(titles.genres, scope),
        **{new: json_numbers(titles[old]) for old, new in MEASURES.items()},
    }


def _bit_masks(genres: Iterable[str], scope: Sequence[str]) -> list[int]:
    bits = {genre: 1 << index for index, genre in enumerate(scope)}
    return [
        sum(bits.get(genre, 0) for genre in genres_of_title.split("+"))
        for genres_of_title in genres
    ]


def json_numbers(values: Values) -> list[float | int | None]:
    """The values as JSON numbers: integers without a decimal point, NaN as null."""
    return [
        None if value != value else int(value) if value.is_integer() else value  # noqa: PLR0124
        for value in values.tolist()
    ]
