"""TMDB's responses on a made-up title: the bodies of /movie and /tv, credits appended."""

from random import Random
from typing import Any

from datalake.demo.genres import TMDB_FILM_GENRES, TMDB_SERIES_GENRES
from datalake.demo.people import LAST_YEAR, Person
from datalake.demo.titles import CastMember, Season, Title
from datalake.demo.truth import quantiles

Body = dict[str, Any]

_VOTE_AVERAGE = quantiles(1.5, 4.8, 5.2, 5.6, 5.8, 6.0, 6.3, 6.5, 6.8, 7.1, 9.4)
_VOTE_COUNT = quantiles(1, 12, 15, 19, 26, 38, 59, 103, 204, 509, 26_000, log=True)
_POPULARITY = quantiles(0.01, 0.1, 0.17, 0.24, 0.31, 0.38, 0.48, 0.62, 0.87, 1.35, 60, log=True)
_BUDGET = quantiles(5e4, 1.5e6, 4e6, 7.7e6, 12e6, 17e6, 25e6, 33e6, 50e6, 75e6, 3e8, log=True)
_RETURN = quantiles(0.01, 0.1, 0.3, 0.6, 1, 1.5, 2.2, 3.2, 5, 9, 80, log=True)


def film_body(rng: Random, title: Title, tmdb_id: int) -> Body:
    """`/3/movie/{id}` with credits and external ids; what TMDB doesn't know is 0 or ""."""
    latents = title.latents
    budget = round(_BUDGET(latents.budget) / 1000) * 1000 if rng.random() < 0.55 else 0
    revenue = round(budget * _RETURN(latents.outcome)) if rng.random() < 0.88 else 0
    return {
        "adult": False,
        "backdrop_path": None,
        "belongs_to_collection": _collection(title),
        "budget": budget,
        "homepage": "",
        "imdb_id": title.title_id,
        "original_title": title.original,
        "release_date": _air_date(rng, title.year) if rng.random() < 0.99 else "",
        "revenue": revenue,
        "runtime": title.minutes if rng.random() < 0.95 else 0,
        "status": "Released",
        "title": title.primary,
        "video": False,
        **_common_fields(rng, title, tmdb_id, TMDB_FILM_GENRES),
        "credits": {
            "cast": [
                _person(person) | {"cast_id": order} | _role(rng, played) | {"order": order}
                for order, (person, played) in enumerate(_billing(rng, title))
            ],
            "crew": _film_crew(rng, title.director),
        },
        "external_ids": _external_ids(title, "wikidata_id facebook_id instagram_id twitter_id"),
    }


def series_body(rng: Random, title: Title, tmdb_id: int) -> Body:
    """`/3/tv/{id}` with aggregate credits and external ids; season 0 holds the specials."""
    is_running = title.seasons[-1].year >= LAST_YEAR - 1
    seasons = [_season(rng, number, season) for number, season in enumerate(title.seasons, 1)]
    if rng.random() < 0.3:
        specials = Season(title.year, rng.randint(1, 25))
        seasons.insert(0, _season(rng, 0, specials) | {"name": "Specials"})
    episodes = sum(season.episodes for season in title.seasons)
    return {
        "adult": False,
        "backdrop_path": None,
        "created_by": [_creator(rng, title.creator)] if title.creator else [],
        "episode_run_time": [title.minutes] if rng.random() < 0.7 else [],
        "first_air_date": seasons[-len(title.seasons)]["air_date"],
        "homepage": "",
        "in_production": is_running,
        "languages": [title.language],
        "last_air_date": _air_date(rng, title.seasons[-1].year, months=(11, 12)),
        "last_episode_to_air": None,
        "name": title.primary,
        "next_episode_to_air": None,
        "networks": [],
        "number_of_episodes": episodes,
        "number_of_seasons": len(title.seasons),
        "original_name": title.original,
        "seasons": seasons,
        "status": "Returning Series" if is_running else rng.choice(("Ended", "Ended", "Canceled")),
        "type": "Scripted",
        **_common_fields(rng, title, tmdb_id, TMDB_SERIES_GENRES),
        "aggregate_credits": _aggregate_credits(rng, title, episodes),
        "external_ids": _external_ids(
            title,
            "freebase_mid freebase_id tvdb_id tvrage_id"
            " wikidata_id facebook_id instagram_id twitter_id",
        ),
    }


def _common_fields(
    rng: Random, title: Title, tmdb_id: int, genres: dict[str, tuple[int, str]]
) -> Body:
    rated = title.acclaimed or rng.random() < 0.96
    tmdb_genres = dict.fromkeys(genres[genre] for genre in title.genres if genre in genres)
    return {
        "genres": [{"id": genre_id, "name": name} for genre_id, name in tmdb_genres],
        "id": tmdb_id,
        "origin_country": [],
        "original_language": title.language,
        "overview": f"{title.primary}: a made-up story.",
        "popularity": round(_POPULARITY(title.latents.popularity), 4),
        "poster_path": None,
        "production_companies": [],
        "production_countries": [],
        "spoken_languages": [],
        "tagline": "",
        "vote_average": round(_VOTE_AVERAGE(title.latents.tmdb), 3) if rated else 0,
        "vote_count": round(_VOTE_COUNT(title.latents.votes)) if rated else 0,
    }


def _collection(title: Title) -> Body | None:
    """Two in five films of every third director are one franchise; the best director's are none."""
    director = title.director
    if title.acclaimed or director.tmdb_id % 3 or title.number % 5 > 1:
        return None
    # Drawn by no chance: the rest of the sample stays as it is.
    about = {"id": 100_000 + director.tmdb_id % 1_000_000, "name": f"{director.name} Collection"}
    return about | {"poster_path": None, "backdrop_path": None}


def _billing(rng: Random, title: Title) -> tuple[CastMember, ...]:
    """The cast as TMDB bills it: the leading actor as in the source, some others missing."""
    supporting = (role for role in title.cast[1:] if rng.random() < 0.85)
    return (*title.cast[:1], *supporting)


def _film_crew(rng: Random, director: Person) -> list[Body]:
    """The director, who wrote some of the films as well: one person, two credits."""
    writing = (("Writing", "Screenplay"),) if rng.random() < 0.3 else ()
    return [
        _person(director, "Directing")
        | {"credit_id": _credit(rng), "department": department, "job": job}
        for department, job in (("Directing", "Director"), *writing)
    ]


def _person(person: Person, department: str = "Acting") -> Body:
    return {
        "adult": False,
        "gender": person.gender,
        "id": person.tmdb_id,
        "known_for_department": department,
        "name": person.name,
        "original_name": person.name,
        "popularity": 0.1,
        "profile_path": None,
    }


def _role(rng: Random, played: tuple[str, ...]) -> Body:
    return {"character": "".join(played), "credit_id": _credit(rng)}


def _creator(rng: Random, person: Person) -> Body:
    about = {"id": person.tmdb_id, "credit_id": _credit(rng), "name": person.name}
    return about | {"gender": person.gender, "profile_path": None}


def _aggregate_credits(rng: Random, title: Title, episodes: int) -> Body:
    def cast_member(order: int, person: Person, played: tuple[str, ...]) -> Body:
        count = episodes if order == 0 else rng.randint(1, episodes)
        parts = (played, ("Self",)) if rng.random() < 0.1 else (played,)
        roles = [_role(rng, part) | {"episode_count": count} for part in parts]
        return _person(person) | {"roles": roles, "total_episode_count": count, "order": order}

    jobs = [{"credit_id": _credit(rng), "job": "Director", "episode_count": episodes}]
    director = _person(title.director, "Directing") | {
        "jobs": jobs,
        "department": "Directing",
        "total_episode_count": episodes,
    }
    return {
        "cast": [cast_member(n, *role) for n, role in enumerate(_billing(rng, title))],
        "crew": [director],
    }


def _season(rng: Random, number: int, season: Season) -> Body:
    return {
        "air_date": _air_date(rng, season.year, months=(1, 10)),
        "episode_count": season.episodes,
        "id": rng.randint(1, 999_999),
        "name": f"Season {number}",
        "overview": "",
        "poster_path": None,
        "season_number": number,
        "vote_average": 0.0,
    }


def _external_ids(title: Title, names: str) -> Body:
    return {"imdb_id": title.title_id} | dict.fromkeys(names.split())


def _air_date(rng: Random, year: int, months: tuple[int, int] = (1, 12)) -> str:
    return f"{year}-{rng.randint(*months):02d}-{rng.randint(1, 28):02d}"


def _credit(rng: Random) -> str:
    return f"{rng.getrandbits(96):024x}"
