"""Trusted rows that are few and known, for the star that is built from them."""

from datetime import date, datetime

FLIGHT = {
    "title_id": "tt0000001", "kind": "movie", "primary_title": "The Flight",
    "original_title": "A Fuga", "start_year": 1999, "runtime_minutes": 90,
    "genres": ["Crime", "Drama", "War"], "imdb_rating": 7.1, "imdb_votes": 100,
}  # fmt: skip
TITLES = [
    FLIGHT,
    {"title_id": "tt0000002", "kind": "movie", "primary_title": "Bare", "imdb_votes": 10},
    {
        "title_id": "tt0000003", "kind": "movie", "primary_title": "Twice",
        "genres": ["Comedy", "Comedy"], "start_year": 2001, "imdb_votes": 1,
    },
    {
        "title_id": "tt0000901", "kind": "series", "primary_title": "Borders",
        "genres": ["War"], "start_year": 2001, "end_year": 2003, "imdb_votes": 1000,
    },
    {
        "title_id": "tt0000902", "kind": "series", "primary_title": "Endless",
        "genres": ["Warfare"], "start_year": 2010,
    },
    {
        "title_id": "tt0000903", "kind": "series", "primary_title": "Backwards",
        "genres": [], "start_year": 2010, "end_year": 2009,
    },
]  # fmt: skip
TMDB_TITLES = [
    {
        "title_id": "tt0000001", "kind": "movie", "tmdb_id": 1, "budget": 5_000_000_000,
        "revenue": 7, "popularity": 1.5, "tmdb_rating": 6.5, "tmdb_votes": 9,
        "original_language": "pt", "status": "Released", "release_date": date(1999, 1, 2),
        "runtime_minutes": 91, "collection_id": 10, "fetched_at": datetime(2026, 1, 2, 3, 4, 5),
    },
    {"title_id": "tt0000002", "kind": "movie", "tmdb_id": 2, "runtime_minutes": 77},
    {
        "title_id": "tt0000902", "kind": "series", "tmdb_id": 2, "seasons": 2, "episodes": 21,
        "last_air_date": date(2012, 5, 6),
    },
    {"title_id": "tt0009999", "kind": "movie", "tmdb_id": 3, "budget": 1},  # left the files
]  # fmt: skip


def credit(title, name, birth_year=None, death_year=None, job="actor", character=None):
    return {
        "title_id": title, "name": name, "birth_year": birth_year, "death_year": death_year,
        "job": job, "character": character,
    }  # fmt: skip


def cast(title, person, name, role="actor", cast_order=None, episodes=None):
    return {
        "title_id": title, "tmdb_person_id": person, "name": name, "role": role,
        "cast_order": cast_order, "episodes": episodes,
    }  # fmt: skip


CREDITS = [
    credit("tt0000001", "Ana", 1970, job="actress"),
    credit("tt0000001", "Ana", 1970, job="actress", character="Twin"),
    credit("tt0000001", "Rui", 1950, 2001),
    credit("tt0000002", "Rui", 1950, 2003),
    credit("tt0000002", "Rui"),
    credit("tt0000002", None),
    credit("tt0000901", "Eva", job=None),
    credit("tt0000901", "Eva", job="Stunts"),
]
TMDB_CREDITS = [
    cast("tt0000001", 11, "ANA", cast_order=0, episodes=None),
    cast("tt0000001", 12, "Lia", role="director"),
    cast("tt0000902", 11, "Ana", role="creator"),
    cast("tt0009999", 13, "Gone"),
]
SEASONS = [
    {"title_id": "tt0000902", "season_number": 0, "episodes": 3},
    {
        "title_id": "tt0000902", "season_number": 1, "episodes": 10,
        "air_date": date(2015, 5, 5),
    },
    {"title_id": "tt0009999", "season_number": 1, "episodes": 99},
]  # fmt: skip
TRUSTED = {
    "titles": TITLES,
    "credits": CREDITS,
    "tmdb_titles": TMDB_TITLES,
    "tmdb_credits": TMDB_CREDITS,
    "tmdb_seasons": SEASONS,
}
