"""The sample's made-up titles, drawn one after another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from datalake.demo.genres import SCOPE, SCOPE_SHARE, draw_genres
from datalake.demo.names import characters, title_names, with_quotes
from datalake.demo.people import FIRST_YEAR, LAST_YEAR, NULL, People, Person
from datalake.demo.truth import Latents, Truth, quantiles
from datalake.schemas.kinds import Kind

_FILM_YEAR = quantiles(
    FIRST_YEAR, 1938, 1951, 1961, 1968, 1975, 1981, 1987, 1992, 1997, 2002,
    2005, 2008, 2010, 2012, 2014, 2016, 2017, 2019, 2021, LAST_YEAR + 0.99,
)  # fmt: skip
_SERIES_YEAR = quantiles(
    1947, 1965, 1980, 1992, 2000, 2006, 2010, 2013, 2016, 2019, LAST_YEAR + 0.99
)
_MINUTES_OFF_MEDIAN = quantiles(-45, -22, -13, -8, -5, -2, 0, 2, 5, 8, 13, 22, 60)
# The source has mostly four artists a title, one to ten.
_CAST_SIZES = tuple(accumulate((3, 2, 2.6, 75, 4.2, 5.1, 4, 2.4, 1.3, 0.4)))
_SEASONS = quantiles(1, 1.5, 2, 3, 4, 5, 7, 9, 12, 21)


@dataclass(frozen=True, slots=True)
class Season:
    """A season by the year it began; specials aside."""

    year: int
    episodes: int


CastMember = tuple[Person, tuple[str, ...]]
"""An artist and the characters played, none where they are unknown."""


@dataclass(frozen=True, slots=True)
class Title:
    """A film or a series; films have no seasons, the acclaimed ones are the best director's."""

    number: int
    kind: Kind
    title_id: str
    primary: str
    original: str
    language: str
    year: int
    minutes: int
    genres: tuple[str, ...]
    seasons: tuple[Season, ...]
    cast: tuple[CastMember, ...]
    director: Person
    creator: Person | None
    latents: Latents
    acclaimed: bool = False

    @property
    def in_scope(self) -> bool:
        """Of a genre that the lake asks TMDB about by default."""
        return bool(SCOPE.intersection(self.genres))


def draw_titles(rng: Random, count: int, truth: Truth) -> Iterator[Title]:
    """That many titles, every fourth a series; the best director has about a dozen films."""
    ids = _title_ids(count)
    people = People.make(rng, count, truth.best_director, _known_for(ids, count))
    studio = _Studio(rng, truth, people, stride=max(4, int(count * SCOPE_SHARE * 0.75) // 12))
    for number in range(count):
        draw = studio.series if number % 4 == 3 else studio.film
        yield draw(number, ids(number))


@dataclass
class _Studio:
    """Draws titles; every so many films in scope (`stride`) are the best director's."""

    rng: Random
    truth: Truth
    people: People
    stride: int
    films_in_scope: int = 0

    def film(self, number: int, title_id: str) -> Title:
        genres = draw_genres(self.rng)
        by_best_director = self._is_by_best_director(genres)
        year = int(_FILM_YEAR(self.rng.gauss(0, 1)))
        trend = self.truth.minutes_per_decade * (year - 1985) / 10
        return Title(
            number,
            Kind.MOVIE,
            title_id,
            *self._names(number),
            year,
            minutes=max(1, round(91 + trend + _MINUTES_OFF_MEDIAN(self.rng.gauss(0, 1)))),
            genres=genres,
            seasons=(),
            cast=self._cast(year),
            director=self.people.best_director
            if by_best_director
            else self.people.director(self.rng),
            creator=None,
            latents=self.truth.draw(self.rng, acclaim=1.7 if by_best_director else 0.0),
            acclaimed=by_best_director,
        )

    def series(self, number: int, title_id: str) -> Title:
        rng = self.rng
        year = int(_SERIES_YEAR(rng.gauss(0, 1)))
        latents = self.truth.draw(rng)
        return Title(
            number,
            Kind.SERIES,
            title_id,
            *self._names(number),
            year,
            minutes=rng.choice((22, 25, 30, 42, 45, 50, 60)),
            genres=draw_genres(rng),
            seasons=self._seasons(year, latents.outcome),
            cast=self._cast(year),
            director=self.people.director(rng),
            creator=self.people.creator(rng) if rng.random() < 0.65 else None,
            latents=latents,
        )

    def _is_by_best_director(self, genres: tuple[str, ...]) -> bool:
        if not SCOPE.intersection(genres):
            return False
        self.films_in_scope += 1
        return self.films_in_scope % self.stride == 1

    def _names(self, number: int) -> tuple[str, str, str]:
        primary, original, language = title_names(self.rng)
        return with_quotes(primary, number) if number % 211 == 5 else primary, original, language

    def _cast(self, year: int) -> tuple[CastMember, ...]:
        size = self.rng.choices(range(1, 11), cum_weights=_CAST_SIZES)[0]
        return tuple(
            (person, () if self.rng.random() < 0.16 else characters(self.rng))
            for person in self.people.cast(self.rng, year, size)
        )

    def _seasons(self, year: int, length: float) -> tuple[Season, ...]:
        seasons = []
        for _ in range(int(_SEASONS(length))):
            if year > LAST_YEAR:
                break
            trend = self.truth.episodes_per_decade * (year - 1990) / 10
            seasons.append(Season(year, max(1, round(16 + trend + self.rng.gauss(0, 2.5)))))
            year += 2 if self.rng.random() < 0.12 else 1
        return tuple(seasons)


def _title_ids(count: int) -> Callable[[int], str]:
    """From a title's number to its id; every eleventh has eight digits, as the newer ones do."""
    step = max(1, 9_800_000 // count)

    def title_id(number: int) -> str:
        base = 10_000_000 if number % 11 == 5 else 100_000
        return f"tt{base + number * step:07d}"

    return title_id


def _known_for(ids: Callable[[int], str], count: int) -> Callable[[Random], str]:
    def known_for(rng: Random) -> str:
        if rng.random() < 0.013:
            return NULL
        chosen = [int(rng.random() * count) for _ in range(rng.choice((1, 2, 4, 4, 4, 4, 4, 4)))]
        return ",".join(dict.fromkeys(map(ids, chosen)))

    return known_for
