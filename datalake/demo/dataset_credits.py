"""Who made a made-up title, as IMDb's datasets credit it: principals, crew, and their names."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from datalake.demo.dataset_rows import CREW, NAMES, PRINCIPALS, Row, id_or_null
from datalake.demo.names import person_name
from datalake.demo.people import NULL, Person
from datalake.demo.titles import Title
from datalake.schemas.kinds import Kind

_STAFF = 400
_LONG_JOB = 'based on the play "Two Notes", ' + ", ".join(f'"Sketch {n}"' for n in range(1, 24))
"""A job longer than 255 characters, the limit in other programs."""
_WRITING = (NULL, NULL, NULL, "written by", "screenplay by", 'novel "Notes of the River"')
_WITHOUT_ROW = Person(9_999_999, NULL, 0)
"""A person who is credited, but has no row in the file of names."""
_WITHOUT_NAME = Person(9_999_998, NULL, 0)
"""A person who has a row there, but no name in it."""


class Credit(NamedTuple):
    """A person's part in a title; without `in_principals` only the crew file has it."""

    person: Person
    category: str
    job: str = NULL
    played: tuple[str, ...] = ()
    in_principals: bool = True


@dataclass
class Casting:
    """Adds to a title's cast and director those whom the CSV files and TMDB leave out."""

    rng: Random
    _staff: list[Person] = field(init=False)

    def __post_init__(self) -> None:
        genders = (self.rng.choice((1, 2)) for _ in range(_STAFF))
        self._staff = [
            Person(8_000_000 + number, person_name(self.rng, gender), gender)
            for number, gender in enumerate(genders)
        ]

    def credits_of(self, title: Title) -> list[Credit]:
        """The title's credits, in the order of its principals."""
        cast = [Credit(person, person.job, NULL, played) for person, played in title.cast]
        if title.number % 61 == 6:
            cast[0] = cast[0]._replace(played=('Woman (segment "Fire")', *cast[0].played))
        # One in seven directors is named in the crew file alone.
        director = Credit(title.director, "director", in_principals=title.number % 7 != 3)
        return [*cast, director, *self._writers(title), *self._other_credits(title)]

    def _writers(self, title: Title) -> Iterator[Credit]:
        if title.creator:
            job = "created by" if title.number % 8 == 3 else "creator"
            yield Credit(title.creator, "writer", job)
        job = _LONG_JOB if title.number % 1_000 == 290 else self.rng.choice(_WRITING)
        by_director = title.kind is Kind.MOVIE and self.rng.random() < 0.3
        yield Credit(title.director if by_director else self._random_staff(), "writer", job)

    def _other_credits(self, title: Title) -> Iterator[Credit]:
        yield Credit(
            _WITHOUT_ROW if title.number % 53 == 9 else self._random_staff(), "producer", "producer"
        )
        if title.number % 2:
            yield Credit(
                _WITHOUT_NAME if title.number % 501 == 41 else self._random_staff(), "composer"
            )
        if title.number % 97 == 5:
            yield Credit(title.cast[0][0], "archive_footage")

    def _random_staff(self) -> Person:
        return self._staff[int(_STAFF * self.rng.random() ** 2)]


def credit_rows(title_id: str, credits: Iterable[Credit]) -> Iterator[Row]:
    """One row per credit among the principals."""
    principals = (credit for credit in credits if credit.in_principals)
    for ordering, (person, category, job, played, _) in enumerate(principals, 1):
        characters = json.dumps(played, ensure_ascii=False, separators=(",", ":"))
        yield (
            *(PRINCIPALS, title_id, str(ordering), person_id(person)),
            *(category, job, characters if played else NULL),
        )


def crew_row(title_id: str, credits: Iterable[Credit] = ()) -> Row:
    """The title's directors and writers."""
    credits = list(credits)
    directors, writers = (
        [person_id(credit.person) for credit in credits if credit.category == category]
        for category in ("director", "writer")
    )
    return (CREW, title_id, id_or_null(directors), id_or_null(writers))


def name_rows(credits: Iterable[Credit], named: set[str]) -> Iterator[Row]:
    """A row for each person who isn't among `named` yet."""
    for person, category, *_ in credits:
        nconst = person_id(person)
        if nconst not in named and person is not _WITHOUT_ROW:
            named.add(nconst)
            bio = person.bio or f"{NULL}|{NULL}|{category}|{NULL}"
            yield (NAMES, nconst, person.name, *(cell or NULL for cell in bio.split("|")))


def person_id(person: Person) -> str:
    """The person's IMDb id; every eleventh has eight digits, as the newer ones do."""
    number = person.tmdb_id
    return f"nm{number + 10_000_000 if number % 11 == 5 else number:07d}"
