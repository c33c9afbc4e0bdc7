"""Budget against popularity, film by film, and how closely they go together by stratum."""

from collections.abc import Sequence
from operator import itemgetter

import altair as alt

from datalake.questions.charts import Charts
from datalake.questions.popularity_cost.estimate import MEASURES
from datalake.questions.popularity_cost.table import TABLE
from datalake.questions.population import Population
from datalake.report.chapter import Figure, Spec
from datalake.report.chart_style import (
    INK,
    PALETTE,
    SHAPES,
    finish,
    hover_number,
    hover_text,
)
from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.report.intervals import interval_row, intervals_chart
from datalake.schemas.table import Row
from datalake.statistics.estimate import Mask

_SMALLEST_BUDGET = 1_000
"""Dollars: what is below is mostly a slip of the keyboard."""

_STATIC_FILMS = 1_000
_MONEY_TICKS = [10**power for power in range(10)]
_POPULARITY_TICKS = [10.0**power for power in range(-3, 5)]


def _scatter(genres: Sequence[str], translate: Translator) -> Spec:
    """Budget against popularity on log scales: squares where films crowd, points elsewhere."""
    budget, popularity = translate("chart.budget"), translate("chart.popularity")
    money = alt.Axis(values=_MONEY_TICKS, labelExpr=_money_label(translate), labelOverlap=True)
    tens = alt.Axis(values=_POPULARITY_TICKS, format="~g")
    log = alt.Scale(type="log", nice=False, padding=10)
    squares = (
        alt.Chart(alt.NamedData("squares"))
        .mark_rect(stroke=None)
        .encode(
            color=alt.datum(translate("chart.crowd")),
            x=alt.X("left:Q").scale(log).axis(money).title(budget),
            x2="right:Q",
            y=alt.Y("bottom:Q").scale(log).axis(tens).title(popularity),
            y2="top:Q",
            opacity=alt.Opacity("n:Q").scale(type="sqrt", range=[0.12, 0.6]).legend(None),
            tooltip=[
                hover_number("n", translate("columns.films"), ","),
                hover_text("title", translate("chart.best_known")),
            ],
        )
    )
    layers = alt.layer(squares, _medians(translate), _points(genres, translate), _labels())
    return finish(layers, height=440)


def _labels() -> alt.Chart:
    """Names beside points, on the side where there is room."""
    side = "datum.isRight ? 'right' : 'left'"
    text: alt.Chart = alt.Chart(alt.NamedData("labels")).mark_text(
        align=alt.ExprRef(side),
        dx=alt.ExprRef("datum.isRight ? -7 : 7"),
        color=INK,
        fontSize=11,
        limit=150,
    )
    return text.encode(x="budget:Q", y="popularity:Q", text="title:N")


def _points(genres: Sequence[str], translate: Translator) -> alt.Chart:
    several = [translate("chart.several_genres")] * (len(genres) > 1)
    names = [*(translate.name("genres", genre) for genre in genres), *several]
    others = {
        translate("chart.middle"): (INK, "stroke"),
        translate("chart.crowd"): (PALETTE[5], "square"),
    }
    colors = [*PALETTE[: len(names)], *(color for color, _ in others.values())]
    shapes = [*SHAPES[: len(names)], *(shape for _, shape in others.values())]
    legend, names = alt.Legend(title=None), [*names, *others]
    points: alt.Chart = alt.Chart(alt.NamedData("rows")).mark_point(
        filled=True, size=38, opacity=0.75
    )
    return points.encode(
        x="budget:Q",
        y="popularity:Q",
        color=alt.Color("genre:N").scale(domain=names, range=colors).legend(legend),
        shape=alt.Shape("genre:N").scale(domain=names, range=shapes).legend(legend),
        tooltip=[
            hover_text("title", translate("columns.title")),
            hover_number("year", translate("columns.year"), "d"),
            hover_number("budget", translate("chart.budget"), ",.0f"),
            hover_number("popularity", translate("chart.popularity"), ",.1f"),
            hover_number("imdb_votes", translate("columns.imdb_votes"), ","),
        ],
    )


def _medians(translate: Translator) -> alt.Chart:
    line: alt.Chart = alt.Chart(alt.NamedData("middle")).mark_line(
        strokeWidth=2.5, interpolate="monotone"
    )
    return line.encode(
        color=alt.datum(translate("chart.middle")),
        x="budget:Q",
        y="popularity:Q",
        tooltip=[hover_number("popularity", translate("chart.middle"), ",.1f")],
    )


def _money_label(translate: Translator) -> str:
    """A tick's label, as an expression of Vega: 1 M, 10 M, 1 B in the reader's words."""
    steps = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))
    units = ((size, translate(f"chart.{name}")) for size, name in steps)
    cases = (
        f"datum.value >= {size} ? format(datum.value / {size}, '~r') + '{unit}'"
        for size, unit in units
    )
    return " : ".join((*cases, "datum.value"))


def _strata(genres: Sequence[str], translate: Translator) -> Spec:
    measures = [translate.name("measures", measure) for measure in MEASURES]
    return intervals_chart(measures, translate("chart.rho"), from_zero=True)


def _with_budget(population: Population) -> Mask:
    return population.titles.known("budget")


def _static_films(data: PageData, translate: Translator) -> list[Row]:
    """The best-known films with a budget and a popularity."""
    titles, several = data.chart_data["titles"], translate("chart.several_genres")
    columns = (titles[name] for name in ("kind", "genres", "budget", "popularity", "imdb_votes"))
    films: list[Row] = [
        {
            **{"budget": budget, "popularity": popularity, "imdb_votes": votes or 0},
            "genre": several
            if genres & (genres - 1)
            else translate.name("genres", data.genres[genres.bit_length() - 1]),
        }
        for kind, genres, budget, popularity, votes in zip(*columns, strict=True)
        if kind == 0 and genres and (budget or 0) >= _SMALLEST_BUDGET and popularity
    ]
    return sorted(films, key=itemgetter("imdb_votes"), reverse=True)[:_STATIC_FILMS]


def _static_strata(data: PageData, translate: Translator) -> list[Row]:
    """The correlations of all films, of each genre, and of each decade, a measure at a time."""
    rows = [row for row in data.answers[TABLE.name] if row["rho"] is not None]
    shown = [row for row in rows if row["decade"] is None or row["genre"] == "all"]
    return [
        interval_row(
            translate("decade", year=str(row["decade"]))
            if row["decade"]
            else translate.name("genres", row["genre"]),
            translate.name("measures", row["measure"]),
            row["rho"],
            (row["ci_low"], row["ci_high"]),
            row["n"],
        )
        for row in sorted(shown, key=_stratum)
    ]


def _stratum(row: Row) -> tuple[bool, bool, str, int]:
    """All films, then genres, then decades."""
    return row["decade"] is not None, row["genre"] != "all", row["genre"], row["decade"] or 0


CHARTS = Charts(
    figures=(
        Figure("films", _scatter, static_rows=_static_films),
        Figure("strata", _strata, static_rows=_static_strata),
    ),
    constants={"MEASURES": MEASURES, "SMALLEST_BUDGET": _SMALLEST_BUDGET},
    named=_with_budget,
)
