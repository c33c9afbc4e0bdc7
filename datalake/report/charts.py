"""The charts, as Vega-Lite without data: the page's script puts the chosen rows in by name."""

from collections.abc import Mapping, Sequence

import altair as alt

from datalake.report.chart_style import INK, PALETTE, SHAPES, Spec, finish, hover, named
from datalake.report.i18n import Translator

_MONEY_TICKS = [10**power for power in range(10)]
_POPULARITY_TICKS = [10.0**power for power in range(-3, 5)]
_SOURCES = ["IMDb", "TMDB"]


def specs(genres: Sequence[str], words: Translator) -> Mapping[str, Spec]:
    """Every chart of the page by its name, in the reader's language."""
    rho, score = words("chart.rho"), words("chart.score")
    measures = [words.name("measures", name) for name in ("tmdb_popularity", "imdb_votes")]
    return {
        "films": scatter(genres, words),
        "strata": intervals(measures, rho, from_zero=True),
        "people": intervals([score], score, from_zero=False),
        "film_length": years(words.name("measures", "film_length"), words),
        "episodes_per_season": years(words.name("measures", "episodes_per_season"), words),
        "movie": intervals(_SOURCES, rho, from_zero=True),
        "series": intervals(_SOURCES, rho, from_zero=True),
        "coverage": bars(words),
    }


def scatter(genres: Sequence[str], words: Translator) -> Spec:
    """Budget against popularity on log scales: squares where films crowd, points elsewhere."""
    budget, popularity = words("chart.budget"), words("chart.popularity")
    money = alt.Axis(values=_MONEY_TICKS, labelExpr=_money(words), labelOverlap=True)
    tens = alt.Axis(values=_POPULARITY_TICKS, format="~g")
    log = alt.Scale(type="log", nice=False, padding=10)
    squares = (
        alt.Chart(alt.NamedData("squares"))
        .mark_rect(color=PALETTE[5], stroke=None)
        .encode(
            x=alt.X("left:Q").scale(log).axis(money).title(budget),
            x2="right:Q",
            y=alt.Y("bottom:Q").scale(log).axis(tens).title(popularity),
            y2="top:Q",
            opacity=alt.Opacity("n:Q").scale(type="sqrt", range=[0.12, 0.6]).legend(None),
            tooltip=[
                hover("n", words("columns.films"), ","),
                named("title", words("chart.best_known")),
            ],
        )
    )
    return finish(
        alt.layer(squares, _points(genres, words), _middle(words)),
        height=440,
    )


def _points(genres: Sequence[str], words: Translator) -> alt.Chart:
    several = [words("chart.several_genres")] * (len(genres) > 1)
    shown = [*(words.name("genres", genre) for genre in genres), *several]
    legend = alt.Legend(title=None)
    points: alt.Chart = alt.Chart(alt.NamedData("rows")).mark_point(
        filled=True, size=38, opacity=0.75
    )
    return points.encode(
        x="budget:Q",
        y="popularity:Q",
        color=alt.Color("genre:N").scale(domain=shown, range=PALETTE[: len(shown)]).legend(legend),
        shape=alt.Shape("genre:N").scale(domain=shown, range=SHAPES[: len(shown)]).legend(legend),
        tooltip=[
            named("title", words("columns.title")),
            hover("year", words("columns.year"), "d"),
            hover("budget", words("chart.budget"), ",.0f"),
            hover("popularity", words("chart.popularity"), ",.1f"),
            hover("imdb_votes", words("columns.imdb_votes"), ","),
        ],
    )


def _middle(words: Translator) -> alt.Chart:
    line: alt.Chart = alt.Chart(alt.NamedData("middle")).mark_line(
        color=INK, strokeWidth=2.5, interpolate="monotone"
    )
    return line.encode(
        x="budget:Q",
        y="popularity:Q",
        tooltip=[hover("popularity", words("chart.middle"), ",.1f")],
    )


def intervals(series: Sequence[str], axis: str, from_zero: bool) -> Spec:
    """A dot with its 95 % interval per `label`, in the rows' order, one a series.

    A row: label, series, value, low, high, n.
    """
    several = len(series) > 1
    legend = alt.Legend(title=None) if several else None
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N").sort(None).title(None).axis(labelLimit=230, ticks=False, domain=False),
        color=alt.Color("series:N")
        .scale(domain=series, range=PALETTE[: len(series)])
        .legend(legend),
        tooltip=[
            *(named(name, " ") for name in ("label", "series")),
            hover("value", axis, ".2f"),
            hover("low", "2.5 %", ".2f"),
            hover("high", "97.5 %", ".2f"),
            hover("n", "n", ","),
        ],
    )
    if several:
        base = base.encode(yOffset=alt.YOffset("series:N").scale(domain=series))
    layers = [*([_zero()] if from_zero else []), *_dots_and_lines(base, series, axis, legend)]
    return finish(alt.layer(*layers), step=26 if several else 22)


def _dots_and_lines(
    base: alt.Chart, series: Sequence[str], axis: str, legend: alt.Legend | None
) -> tuple[alt.Chart, alt.Chart]:
    scale, ticks = alt.Scale(zero=False, nice=True), alt.Axis(tickCount=5)
    shapes = SHAPES[: len(series)]
    shape = alt.Shape("series:N").scale(domain=series, range=shapes).legend(legend)
    lines = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q").scale(scale).axis(ticks).title(axis), x2=alt.X2("high:Q")
    )
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(x="value:Q", shape=shape)
    return lines, dots


def _zero() -> alt.Chart:
    """A dotted line at zero, which makes the axis reach it."""
    here = alt.InlineData(values=[{"zero": 0}])
    line: alt.Chart = alt.Chart(here).mark_rule(color=INK, strokeDash=[2, 3])
    return line.encode(x="zero:Q")


def years(title: str, words: Translator) -> Spec:
    """Median and quartiles by year, and the trend's line through the years that enter it."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("year:Q")
        .axis(format="d", tickCount=8, labelOverlap=True)
        .scale(zero=False, nice=False)
        .title(None)
    )
    band = base.mark_area(color=PALETTE[0], opacity=0.18).encode(
        y=alt.Y("q1:Q").title(title).axis(tickCount=6).scale(zero=False), y2=alt.Y2("q3:Q")
    )
    middle = base.mark_line(
        color=PALETTE[0], point=alt.OverlayMarkDef(size=24, color=PALETTE[0]), strokeWidth=1.5
    ).encode(
        y="median:Q",
        tooltip=[
            hover("year", words("columns.year"), "d"),
            *(hover(name, words(f"columns.{name}"), ",.1f") for name in ("median", "q1", "q3")),
            hover("n", words("columns.n"), ","),
        ],
    )
    trend = base.mark_line(color=PALETTE[1], strokeDash=[6, 4], strokeWidth=2.5).encode(y="trend:Q")
    return finish(alt.layer(band, middle, trend), height=280)


def bars(words: Translator) -> Spec:
    """How many titles are left at each step, a bar a step and kind."""
    kinds = [words.name("kinds", kind) for kind in ("movie", "series")]
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N").sort(None).title(None).axis(labelLimit=230, ticks=False, domain=False),
        yOffset=alt.YOffset("series:N").scale(domain=kinds),
        x=alt.X("n:Q").title(words("chart.titles")).axis(tickCount=5, format="~s"),
        tooltip=[
            named("label", " "),
            named("series", " "),
            hover("n", words("chart.titles"), ","),
        ],
    )
    color = alt.Color("series:N").scale(domain=kinds, range=PALETTE[:2]).legend(title=None)
    shown = base.mark_bar(cornerRadiusEnd=2).encode(color=color)
    figures = base.mark_text(align="left", dx=4, color=INK).encode(text=alt.Text("n:Q", format=","))
    return finish(alt.layer(shown, figures), step=40)


def _money(words: Translator) -> str:
    """A tick's label: 1 M, 10 M, 1 B in the reader's words."""
    steps = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))
    cases = (
        f"datum.value >= {size} ? format(datum.value / {size}, '~r') + '{words(f'chart.{word}')}'"
        for size, word in steps
    )
    return " : ".join((*cases, "datum.value"))
