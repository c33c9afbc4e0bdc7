"""The mean length of titles' names."""

from collections.abc import Iterator, Sequence

from datalake.questions.population import Population, Titles
from datalake.questions.question import PersonName
from datalake.schemas.table import Row


def lengths(titles: Titles) -> list[int]:
    """Letters of each title's name."""
    return [len(name) for name in titles.name]


def mean(values: Sequence[int]) -> float | None:
    """The mean; None without values."""
    return sum(values) / len(values) if values else None


def answer(population: Population) -> Iterator[Row]:
    """One row per genre."""
    for genre in population.genres:
        part = population.where(population.titles.of_genre(genre))
        letters = lengths(part.titles)
        row = {"genre": genre, "n": len(letters), "letters": mean(letters)}
        yield row | {"longest_by": director_of_longest(part, letters)}


def director_of_longest(part: Population, letters: Sequence[int]) -> PersonName | None:
    """Who directed the title with the longest name; None where nobody is known."""
    places = part.credits.title[part.credits.role == "director"].tolist()
    people = part.credits.person[part.credits.role == "director"].tolist()
    if not places:
        return None
    return PersonName(max(zip(places, people, strict=True), key=lambda p: (letters[p[0]], p))[1])
