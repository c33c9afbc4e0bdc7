"""A made-up title's rows as the source files have them: quirks included, damage left out."""

from random import Random

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


def csv_rows(rng: Random, title: Title) -> list[str]:
    """One row per artist, the title's columns on each; now and then the last row twice."""
    year = NULL if title.number % 1009 in (10, 11) else title.year
    cells: list[str | float] = [title.title_id, title.primary, title.original, year]
    if title.kind is Kind.SERIES:
        cells.append(_end_year(title))
    cells += [
        _minutes(rng, title),
        ",".join(title.genres) or NULL,
        round(_RATING(title.latents.imdb), 1),
        round(_VOTES(title.latents.votes)),
    ]
    title_part = "|".join(map(str, cells))
    rows = [
        f"{title_part}|{person.job}|{character}|{person.name}|{person.bio}\n"
        for person, character in title.cast
    ]
    return [*rows, rows[-1]] if title.number % 401 in (7, 8) else rows


def _end_year(title: Title) -> int | str:
    last = title.seasons[-1].year
    return NULL if last >= LAST_YEAR - 1 else last


def _minutes(rng: Random, title: Title) -> int | str:
    if rng.random() < 0.11:
        return NULL
    # The source has films of 999 minutes, and a true one of thirty days.
    oddity = title.number % 997 == 2 and not title.in_scope
    return rng.choice((999, 43_200)) if oddity else title.minutes
