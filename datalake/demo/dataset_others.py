"""What IMDb's datasets have besides rated films and series: other types, and titles unrated."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import NamedTuple

from datalake.demo.dataset_credits import Credit, credit_rows, crew_row
from datalake.demo.dataset_rows import RATINGS, Row, basics_row
from datalake.demo.facts import Facts
from datalake.demo.genres import draw_genres
from datalake.demo.names import person_name, title_names
from datalake.demo.people import NULL, Person
from datalake.demo.titles import Title

_FIRST_ID = 30_000_000
_STRIDES = {
    "short": 6, "movie": 8, "video": 24, "tvMovie": 30, "tvSeries": 40, "tvSpecial": 60,
    "videoGame": 80,
}  # fmt: skip
"""By type: one such title per so many titles of the sample; its films and series are unrated."""


class OtherTitle(NamedTuple):
    """Another title: its rows, and its credits, of people who are in no other title."""

    rows: list[Row]
    credits: list[Credit]


@dataclass
class OtherTitles:
    """Makes up other titles, numbered on."""

    rng: Random

    def __post_init__(self) -> None:
        self._numbers = count()

    def beside(self, title: Title) -> Iterator[OtherTitle]:
        """The titles that come after that one."""
        for offset, (title_type, stride) in enumerate(_STRIDES.items()):
            if title.number % stride == offset:
                yield self._other(title_type, title.year, next(self._numbers))
        if title.number % 200 == 1:
            yield OtherTitle([crew_row(f"tt{_FIRST_ID + 9_000_000 + title.number}")], [])

    def _other(self, title_type: str, year: int, number: int) -> OtherTitle:
        rng, title_id = self.rng, f"tt{_FIRST_ID + number}"
        is_unrated = title_type in ("movie", "tvSeries")
        minutes = NULL if is_unrated else rng.randint(5, 120)
        facts = Facts(year, NULL, minutes, ",".join(draw_genres(rng)) or NULL, 0, 0)
        primary, original, _ = title_names(rng)
        names = (NULL, NULL) if number == 5 else (primary, original)
        credits = [self._guest(2 * number, "director"), self._guest(2 * number + 1, "actress")]
        rows = [basics_row(title_id, title_type, names, facts), crew_row(title_id, credits)]
        rows += credit_rows(title_id, credits)
        if not is_unrated:
            rows.append((RATINGS, title_id, f"{rng.uniform(3, 9):.1f}", str(rng.randint(5, 900))))
        return OtherTitle(rows, credits)

    def _guest(self, number: int, category: str) -> Credit:
        return Credit(Person(9_000_000 + number, person_name(self.rng, 1), 1), category)
