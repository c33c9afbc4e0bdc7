"""Genres: the source's, how common each is, and what TMDB calls them."""

from itertools import accumulate
from random import Random

SCOPE = frozenset({"Crime", "War"})
SCOPE_SHARE = 0.3
_GENRES = {
    "Drama": 123, "Comedy": 68, "Romance": 31, "Action": 29, "Thriller": 23, "Horror": 20,
    "Adventure": 17, "Documentary": 13, "Mystery": 10.5, "Family": 10.3, "Fantasy": 8.2,
    "Sci-Fi": 6.5, "Musical": 6, "History": 5.9, "Biography": 5.6, "Western": 5, "Music": 4.5,
    "Animation": 4.3, "Sport": 2.4, "Film-Noir": 0.9, "News": 0.5, "Adult": 0.5,
    "Reality-TV": 0.5, "Short": 0.5, "Talk-Show": 0.5,
}  # fmt: skip
_GENRE_NAMES, _GENRE_WEIGHTS = tuple(_GENRES), tuple(accumulate(_GENRES.values()))

TMDB_FILM_GENRES = {
    "Action": (28, "Action"), "Adventure": (12, "Adventure"), "Animation": (16, "Animation"),
    "Comedy": (35, "Comedy"), "Crime": (80, "Crime"), "Documentary": (99, "Documentary"),
    "Drama": (18, "Drama"), "Family": (10751, "Family"), "Fantasy": (14, "Fantasy"),
    "History": (36, "History"), "Horror": (27, "Horror"), "Music": (10402, "Music"),
    "Musical": (10402, "Music"), "Mystery": (9648, "Mystery"), "Romance": (10749, "Romance"),
    "Sci-Fi": (878, "Science Fiction"), "Thriller": (53, "Thriller"), "War": (10752, "War"),
    "Western": (37, "Western"),
}  # fmt: skip
TMDB_SERIES_GENRES = {
    "Action": (10759, "Action & Adventure"), "Adventure": (10759, "Action & Adventure"),
    "Animation": (16, "Animation"), "Comedy": (35, "Comedy"), "Crime": (80, "Crime"),
    "Documentary": (99, "Documentary"), "Drama": (18, "Drama"), "Family": (10751, "Family"),
    "Fantasy": (10765, "Sci-Fi & Fantasy"), "Sci-Fi": (10765, "Sci-Fi & Fantasy"),
    "Mystery": (9648, "Mystery"), "News": (10763, "News"), "Reality-TV": (10764, "Reality"),
    "Romance": (10766, "Soap"), "Talk-Show": (10767, "Talk"), "War": (10768, "War & Politics"),
    "Western": (37, "Western"),
}  # fmt: skip


def draw_genres(rng: Random) -> tuple[str, ...]:
    """None to three of the source's genres, alphabetical."""
    size = rng.choice((1, 1, 2, 3))
    genres = rng.choices(_GENRE_NAMES, cum_weights=_GENRE_WEIGHTS, k=size)
    if rng.random() < SCOPE_SHARE:
        genres[:1] = rng.choice((["Crime"], ["Crime"], ["Crime"], ["War"], ["War"]))
        if size > 1 and rng.random() < 0.03:
            genres[:2] = ["Crime", "War"]
    elif rng.random() < 0.055:
        return ()
    return tuple(sorted(dict.fromkeys(genres)))
