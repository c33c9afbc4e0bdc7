"""What IMDb's files say of a made-up title, in either format."""

from random import Random
from typing import NamedTuple

from datalake.demo.people import LAST_YEAR, NULL
from datalake.demo.titles import Title
from datalake.demo.truth import quantiles
from datalake.schemas.kinds import Kind

_RATING = quantiles(
    1.0, 3.7, 4.3, 4.7, 5.0, 5.3, 5.5, 5.7, 5.8, 6.0, 6.2,
    6.3, 6.5, 6.6, 6.8, 6.9, 7.1, 7.3, 7.6, 8.1, 10.0,
)  # fmt: skip
_VOTES = quantiles(
    5, 8, 11, 13, 17, 21, 26, 33, 42, 55, 72, 95, 129,
    178, 254, 376, 591, 1_027, 2_136, 7_165, 2_667_411, log=True,
)  # fmt: skip


class Facts(NamedTuple):
    """A title's cells; `NULL` where IMDb doesn't know."""

    year: int | str
    end_year: int | str
    minutes: int | str
    genres: str
    rating: float
    votes: int


def draw_facts(rng: Random, title: Title) -> Facts:
    """What is known of the title, now and then without its year or its length."""
    return Facts(
        year=NULL if title.number % 1009 in (10, 11) else title.year,
        end_year=_end_year(title),
        minutes=_minutes(rng, title),
        genres=",".join(title.genres) or NULL,
        rating=round(_RATING(title.latents.imdb), 1),
        votes=round(_VOTES(title.latents.votes)),
    )


def _end_year(title: Title) -> int | str:
    last = title.seasons[-1].year if title.kind is Kind.SERIES else LAST_YEAR
    return NULL if last >= LAST_YEAR - 1 else last


def _minutes(rng: Random, title: Title) -> int | str:
    if rng.random() < 0.11:
        return NULL
    # The source has films of 999 minutes, and a true one of thirty days.
    oddity = title.number % 997 == 2 and not title.in_scope
    return rng.choice((999, 43_200)) if oddity else title.minutes
