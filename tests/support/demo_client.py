"""A film and a series for the local TMDB server, and a plain client to ask it."""

import json
import urllib.error
import urllib.request

from datalake.demo.replay import Bodies

TOKEN = "a-token-nobody-may-see"
FILM = {
    "imdb_id": "tt0000101",
    "media_type": "movie",
    "tmdb_id": 7,
    "body": {
        "adult": False, "backdrop_path": None, "genres": [{"id": 80, "name": "Crime"}], "id": 7,
        "original_language": "pt", "original_title": "A Fuga", "overview": "", "popularity": 1.5,
        "poster_path": None, "release_date": "1999-01-02", "title": "The Flight", "video": False,
        "vote_average": 6.5, "vote_count": 9, "credits": {"cast": [], "crew": []},
        "external_ids": {"imdb_id": "tt0000101"},
    },
}  # fmt: skip
SHOW = {
    "imdb_id": "tt0000202",
    "media_type": "tv",
    "tmdb_id": 7,
    "body": {
        "adult": False, "backdrop_path": None, "first_air_date": "2001-01-02", "genres": [],
        "id": 7, "name": "Borders", "origin_country": [], "original_language": "en",
        "original_name": "Borders", "overview": "", "popularity": 2.5, "poster_path": None,
        "vote_average": 0, "vote_count": 0, "aggregate_credits": {"cast": [], "crew": []},
        "external_ids": {"imdb_id": "tt0000202"},
    },
}  # fmt: skip


def titles() -> Bodies:
    """One film and one series of the same TMDB id."""
    bodies = Bodies()
    for record in (FILM, SHOW):
        bodies.add(json.dumps(record).encode())
    return bodies


def get(server, path, token=TOKEN, timeout=5.0):
    """HTTP status and JSON of the answer."""
    request = urllib.request.Request(f"{server.url}{path}")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, json.load(answer)
