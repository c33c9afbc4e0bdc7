"""The titles that rose most beyond their peers."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from datalake.questions.charts import Charts, json_numbers
from datalake.questions.loads import SPANS
from datalake.questions.population import Population
from datalake.questions.rising.rise import (
    KINDS,
    LISTED,
    Rise,
    conditions,
    earlier_load,
    expected_per_day,
    measure_rise,
)
from datalake.questions.rising.table import TABLE
from datalake.report.chapter import Figure, Spec
from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.report.intervals import interval_row, intervals_chart
from datalake.schemas.table import Row
from datalake.statistics.estimate import Mask

_MEASURE = "imdb_votes"
_ON_PAGE = 300
"""Titles of a kind whose growth the page holds."""


def _excess(genres: Sequence[str], translate: Translator) -> Spec:
    excess = translate("chart.excess")
    spec = intervals_chart([excess], excess, from_zero=False)
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        # On a linear scale one large excess would press all others together.
        encoding["x"]["scale"] = {"type": "log", "nice": True}
        # Each row is one title, so n says nothing.
        encoding["tooltip"] = [item for item in encoding["tooltip"] if item["field"] != "n"]
    return spec


def _rises(population: Population) -> Iterator[Rise]:
    """Each kind's rise in votes, over the answer's span or the first that there is."""
    loads = {span: earlier_load(population, span) for span in SPANS}
    span, earlier = next(((s, load) for s, load in loads.items() if load), (0, None))
    if earlier is None:
        return
    titles, newest = population.titles, population.loads[0]
    passes = conditions(titles, newest, earlier, _MEASURE, span).values()
    for kind in KINDS:
        chosen = np.logical_and.reduce([titles.of_kind(kind), *passes])
        rise = measure_rise(population, earlier, _MEASURE, chosen, newest.day.year)
        if rise.growth:
            yield rise


def _columns(population: Population) -> Mapping[str, Any]:
    """A title that rose: its index, and what it gained."""
    columns: dict[str, list[Any]] = {name: [] for name in ("title", *_FIGURES)}
    for rise in _rises(population):
        first, growth = rise.order[:_ON_PAGE], rise.growth
        if growth is None:
            continue
        figures = (
            *(rise.per_day, expected_per_day(rise), growth.excess),
            *(growth.low, growth.high, growth.z, rise.holm),
        )
        columns["title"] += rise.index[first].tolist()
        for name, values in zip(_FIGURES, figures, strict=True):
            columns[name] += json_numbers(np.round(values[first], 6))
    return {"rising": columns}


_FIGURES = ("per_day", "expected_per_day", "excess", "low", "high", "z", "holm")


def _named(population: Population) -> Mask:
    named = np.full(len(population.titles), False)
    for rise in _rises(population):
        named[rise.index[rise.order[:_ON_PAGE]]] = True
    return named


def _static_rows(data: PageData, translate: Translator) -> list[Row]:
    """The titles that gained most votes beyond their peers, of the shortest span that there is."""
    answers = [
        row
        for row in data.answers[TABLE.name]
        if (row["measure"], row["genre"]) == (_MEASURE, "all") and row["ci_low"] is not None
    ]
    spans = {row["span"] for row in answers}
    span = next((span for span in SPANS if span in spans), None)
    first = sorted(
        (row for row in answers if row["span"] == span), key=itemgetter("z"), reverse=True
    )
    excess = translate("chart.excess")
    return [
        interval_row(row["title"], excess, row["excess"], (row["ci_low"], row["ci_high"]), n=1)
        for row in first[:LISTED]
    ]


CHARTS = Charts(
    figures=(Figure("rising", _excess, static_rows=_static_rows),),
    constants={"LISTED": LISTED},
    named=_named,
    columns=_columns,
)
