"""The sample's made-up people: actors by era, directors and creators."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from datalake.demo.names import person_name

NULL = r"\N"
FIRST_YEAR, LAST_YEAR = 1894, 2022
ERA_YEARS = 18
ERAS = (LAST_YEAR - FIRST_YEAR) // ERA_YEARS + 1

_DEAD_OF_ERA = (0.95, 0.95, 0.9, 0.85, 0.7, 0.4, 0.1, 0.0)
_PROFESSIONS = (
    "producer",
    "writer",
    "soundtrack",
    "director",
    "miscellaneous",
    "music_department",
    "composer",
    "stunts",
    "editor",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the credits; gender is 1 female, 2 male, as on TMDB.

    `bio` is the end of the person's rows in the source: birth and death year, professions, and
    the ids of the titles the person is known for.
    """

    tmdb_id: int
    name: str
    gender: int
    bio: str = ""

    @property
    def job(self) -> str:
        """The source's `generoArtista`."""
        return "actress" if self.gender == 1 else "actor"


@dataclass(frozen=True)
class People:
    """Everyone there is; the first of a list gets the most work, as in life."""

    actors: tuple[Sequence[Person], ...]
    directors: Sequence[Person]
    creators: Sequence[Person]
    best_director: Person

    @classmethod
    def make(
        cls, rng: Random, titles: int, best_director: str, known_for: Callable[[Random], str]
    ) -> "People":
        """People enough for that many titles; nobody else bears the best director's name."""

        def person(tmdb_id: int, era: int | None = None) -> Person:
            gender = rng.choice((1, 2))
            name = person_name(rng, gender)
            while name == best_director:
                name = person_name(rng, gender)
            bio = "" if era is None else _bio(rng, gender, era, known_for)
            return Person(tmdb_id, name, gender, bio)

        size = titles // 2 // ERAS + 12
        return cls(
            actors=tuple(
                [person(10_000 + number * ERAS + era, era) for number in range(size)]
                for era in range(ERAS)
            ),
            directors=[person(4_000_000 + number) for number in range(titles // 20 + 4)],
            creators=[person(6_000_000 + number) for number in range(titles // 40 + 3)],
            best_director=Person(3_999_999, best_director, 0),
        )

    def cast(self, rng: Random, year: int, size: int) -> tuple[Person, ...]:
        """Different actors of that year's era, at most `size`; the leading one first."""
        era = self.actors[(year - FIRST_YEAR) // ERA_YEARS]
        return tuple({person.tmdb_id: person for person in _busy(rng, era, size)}.values())

    def director(self, rng: Random) -> Person:
        """A director, often one of many titles."""
        return _busy(rng, self.directors, 1)[0]

    def creator(self, rng: Random) -> Person:
        """A creator of series, often of several."""
        return _busy(rng, self.creators, 1)[0]


def _busy(rng: Random, people: Sequence[Person], count: int) -> list[Person]:
    return [people[int(len(people) * rng.random() ** 2)] for _ in range(count)]


def _bio(rng: Random, gender: int, era: int, known_for: Callable[[Random], str]) -> str:
    """`birth|death|professions|known for`; who is alive in an era may act to its end."""
    start = FIRST_YEAR + era * ERA_YEARS
    born, died = NULL, NULL
    if rng.random() < 0.62:
        born = str(start - rng.randint(18, 55))
        if rng.random() < _DEAD_OF_ERA[era]:
            died = str(min(LAST_YEAR, start + rng.randint(ERA_YEARS, 40)))
    jobs = ["actress" if gender == 1 else "actor"]
    jobs += dict.fromkeys(rng.choices(_PROFESSIONS, k=rng.choice((0, 0, 1, 2))))
    professions = rng.choice(("", NULL)) if rng.random() < 0.015 else ",".join(jobs)
    return f"{born}|{died}|{professions}|{known_for(rng)}"
