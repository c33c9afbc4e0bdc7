"""TMDB bodies as its OpenAPI document shows them, and the same with something odd in them."""

import copy
import gzip
import json

from support.paths import SHARED

DOCUMENT = SHARED / "data/tmdb/tmdb-openapi.json.gz"
FILM = {
    "id": 1, "title": "A Fuga", "original_language": "pt", "status": "Released",
    "release_date": "1999-01-02", "runtime": 91, "budget": 5_000_000, "revenue": 12,
    "popularity": 1.5, "vote_average": 6.5, "vote_count": 9,
    "genres": [{"id": 80, "name": "Crime"}],
    "belongs_to_collection": {"id": 10, "name": "Fugas"},
    "credits": {
        "cast": [{"id": 11, "name": "Ana", "character": "Inês", "order": 0}],
        "crew": [{"id": 13, "name": "Eva", "job": "Director"}],
    },
    "external_ids": {"imdb_id": "tt0000001"},
}  # fmt: skip
SHOW = {
    "id": 2, "name": "Borders", "first_air_date": "2001-01-02", "episode_run_time": [45, 50],
    "number_of_seasons": 2, "number_of_episodes": 21, "popularity": 2.5, "vote_average": 8,
    "vote_count": 1, "created_by": [{"id": 21, "name": "Lia"}],
    "seasons": [{"season_number": 1, "name": "One", "air_date": None, "episode_count": 10}],
    "aggregate_credits": {
        "cast": [{"id": 22, "name": "Max", "order": 0, "total_episode_count": 21,
                  "roles": [{"character": "Spy", "episode_count": 20}]}],
        "crew": [{"id": 23, "name": "Noa", "jobs": [{"job": "Writer", "episode_count": 4}]}],
    },
    "external_ids": {"imdb_id": "tt0000002"},
}  # fmt: skip
FIND = {"movie_results": [{"id": 1}], "tv_results": [{"id": 2}], "person_results": []}
CHANGES = {"results": [{"id": 1, "adult": None}, {"id": 2}], "page": 1, "total_pages": 2}
ODD_VALUES = [
    None, True, False, 0, -1, 0.5, 90.0, float("inf"), float("nan"), 2**31, 2**63, 10**30, 1e300,
    "", " ", "0.89", "7", "x", "\ud83c", "\x00", "2001-02-30", "[]", "{", [], {}, [None], [[]],
    {"id": 1}, [{"id": "7"}], [7], "x" * 5_000,
]  # fmt: skip


def documented_bodies():
    """A film, a series, what was found, and changes, by the document; None where it isn't here."""
    if not DOCUMENT.exists():
        return None
    with gzip.open(DOCUMENT) as stream:
        paths = json.load(stream)["paths"]

    def example(path):
        content = paths[path]["get"]["responses"]["200"]["content"]["application/json"]
        (shown,) = content["examples"].values()
        value = shown["value"]  # an object, or its text
        return shortened(json.loads(value) if isinstance(value, str) else value)

    film, show = example("/3/movie/{movie_id}"), example("/3/tv/{series_id}")
    film["credits"] = example("/3/movie/{movie_id}/credits")
    film["external_ids"] = example("/3/movie/{movie_id}/external_ids")
    show["aggregate_credits"] = example("/3/tv/{series_id}/aggregate_credits")
    show["external_ids"] = example("/3/tv/{series_id}/external_ids")
    return film, show, example("/3/find/{external_id}"), example("/3/movie/changes")


def shortened(value):
    """The same shape with at most two items a list."""
    if isinstance(value, list):
        return [shortened(item) for item in value[:2]]
    return {k: shortened(v) for k, v in value.items()} if isinstance(value, dict) else value


def mutated(body, chance):
    """A copy with one to three nodes replaced, removed, or wrapped in a list."""
    body = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        places = list(_places(body))
        if not places:
            break
        container, key = chance.choice(places)
        what = chance.choice(["replace", "replace", "replace", "remove", "wrap", "text"])
        if what == "remove":
            del container[key]
        elif what == "wrap":
            container[key] = [container[key]]
        elif what == "text":
            is_text = isinstance(container[key], str)
            container[key] = container[key] if is_text else json.dumps(container[key])
        else:
            container[key] = copy.deepcopy(chance.choice(ODD_VALUES))
    return body


def _places(value):
    """Every place a value stands in: its container, and its key there."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(items):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)
