"""The first of a role, with the intervals of their scores."""

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from datalake.questions.charts import Charts
from datalake.questions.people.estimate import FEWEST_WORKS, LISTED, rating, work_of_title
from datalake.questions.people.table import TABLE
from datalake.questions.population import Credits, Population
from datalake.questions.question import PersonName
from datalake.report.chapter import Figure, Spec
from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.report.intervals import interval_row, intervals_chart
from datalake.schemas.table import Row
from datalake.statistics.estimate import Mask

_ROLES = ("director", "creator", "lead_actor")
_DRAWN = 15


def _scores(genres: Sequence[str], translate: Translator) -> Spec:
    score = translate("chart.score")
    return intervals_chart([score], score, from_zero=False)


def _columns(population: Population) -> Mapping[str, Any]:
    """A credit: role, person, title; `people` are named in the order of their keys.

    `rating_of_people` names the columns whose mean is a title's rating.
    """
    credits = _listable(population)
    people, person = np.unique(credits.person, return_inverse=True)
    return {
        "credits": {
            **{"role": credits.role.tolist(), "person": person.tolist()},
            "title": credits.title.tolist(),
        },
        "people": [PersonName(key) for key in people.tolist()],
        "person_keys": [str(key) for key in people.tolist()],  # too long for a number of JavaScript
        "rating_of_people": ["imdb_rating", "tmdb_rating"][: 1 + population.has_tmdb],
    }


def _named(population: Population) -> Mask:
    named = np.full(len(population.titles), False)
    named[_listable(population).title] = True
    return named


def _listable(population: Population) -> Credits:
    """Credits on rated titles, of people with enough works in a role for any list."""
    credits = population.credits
    rated = credits.where(~np.isnan(rating(population))[credits.title])
    makers = list(zip(rated.role.tolist(), rated.person.tolist(), strict=True))
    work = work_of_title(population.titles)[rated.title].tolist()
    works = Counter(maker for maker, _ in set(zip(makers, work, strict=True)))
    return rated.where(np.array([works[maker] >= FEWEST_WORKS for maker in makers], dtype=bool))


def _static_rows(data: PageData, translate: Translator) -> list[Row]:
    """The first people of the first role whose people differ, so that an order is known."""
    all_titles = [
        row for row in data.answers[TABLE.name] if row["kind"] == "all" and row["genre"] == "all"
    ]
    ordered = [row for row in all_titles if row["ci_low"] is not None and row["rank"] <= _DRAWN]
    role = next((role for role in _ROLES if role in {row["role"] for row in ordered}), "")
    return [
        interval_row(
            f"{row['rank']}. {row['name']} ({translate.name('roles', role)})",
            translate("chart.score"),
            row["score"],
            (row["ci_low"], row["ci_high"]),
            row["works"],
        )
        for row in sorted(ordered, key=itemgetter("rank"))
        if row["role"] == role
    ]


CHARTS = Charts(
    figures=(Figure("people", _scores, controls="controls.html", static_rows=_static_rows),),
    constants={
        "FEWEST_WORKS": FEWEST_WORKS,
        "LISTED": LISTED,
        "DRAWN": _DRAWN,
        "ROLES": _ROLES,
    },
    named=_named,
    columns=_columns,
)
