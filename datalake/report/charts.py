"""The charts, as Vega-Lite; colours are the page's CSS variables, so dark mode and print hold."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import altair as alt

from datalake.answers.trends import FEWEST_A_YEAR
from datalake.report.data import Row
from datalake.report.words import Words

Spec = dict[str, Any]

INK, FAINT = "var(--ink)", "var(--line)"
PALETTE = [f"var(--series-{number})" for number in range(1, 7)]
_SHAPES = ["circle", "diamond", "square", "triangle-up", "cross", "triangle-down"]
_MONEY_TICKS = [10**power for power in range(10)]
_POPULARITY_TICKS = [10.0**power for power in range(-3, 5)]


def scatter(films: Sequence[Row], genres: Sequence[str], words: Words) -> Spec:
    """Budget against popularity, one point a film, on log scales."""
    several = words("chart.several_genres")
    shown = [words.name("genres", genre) for genre in genres] + [several] * (len(genres) > 1)
    points = [
        {**film, "genre": words.name("genres", film["genre"]) if film["genre"] else several}
        for film in films
    ]
    budget, popularity = words("chart.budget"), words("chart.popularity")
    money = alt.Axis(values=_MONEY_TICKS, labelExpr=_money(words))
    tens = alt.Axis(values=_POPULARITY_TICKS, format="~g")
    log = alt.Scale(type="log", nice=False)
    chart = (
        alt.Chart(_inline(points))
        .mark_point(filled=True, size=34, opacity=0.45)
        .encode(
            x=alt.X("budget:Q").scale(log).axis(money).title(budget),
            y=alt.Y("popularity:Q").scale(log).axis(tens).title(popularity),
            color=alt.Color("genre:N").title(None).scale(domain=shown, range=PALETTE),
            shape=alt.Shape("genre:N").title(None).scale(domain=shown, range=_SHAPES),
            tooltip=[
                alt.Tooltip("title:N").title(words("columns.title")),
                _hover("year", words("columns.year"), "d"),
                _hover("budget", budget, ",.0f"),
                _hover("popularity", popularity, ",.1f"),
                _hover("votes", words("columns.imdb_votes"), ","),
            ],
        )
    )
    return _finish(chart, height=460)


def intervals(points: Sequence[Row], series: Sequence[str], axis: str, from_zero: bool) -> Spec:
    """A dot with its 95 % interval per `label`, in the points' order, one a series.

    A point: label, series, value, low, high.
    """
    order = list(dict.fromkeys(point["label"] for point in points))
    several = len(series) > 1
    legend = alt.Legend(columns=1) if several else None
    base = alt.Chart(_inline(points)).encode(
        y=alt.Y("label:N").scale(domain=order).title(None).axis(labelLimit=220),
        color=alt.Color("series:N").title(None).scale(domain=series, range=PALETTE).legend(legend),
        tooltip=[
            *(alt.Tooltip(f"{name}:N").title(" ") for name in ("label", "series")),
            _hover("value", axis, ".2f"),
            _hover("low", "2.5 %", ".2f"),
            _hover("high", "97.5 %", ".2f"),
        ],
    )
    if several:
        base = base.encode(yOffset=alt.YOffset("series:N").scale(domain=series))
    layers = [*([_zero()] if from_zero else []), *_dots_and_lines(base, series, axis, legend)]
    height = (100 if several else 60) + len(order) * (32 if several else 24)
    return _finish(alt.layer(*layers), height=height)


def _dots_and_lines(
    base: alt.Chart, series: Sequence[str], axis: str, legend: alt.Legend | None
) -> tuple[alt.Chart, alt.Chart]:
    scale, ticks = alt.Scale(zero=False), alt.Axis(tickCount=5)
    shape = alt.Shape("series:N").title(None).scale(domain=series, range=_SHAPES).legend(legend)
    lines = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q").scale(scale).axis(ticks).title(axis), x2=alt.X2("high:Q")
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(x="value:Q", shape=shape)
    return lines, dots


def _zero() -> alt.Chart:
    """A dotted line at zero, which makes the axis reach it."""
    line: alt.Chart = alt.Chart(_inline([{"zero": 0}])).mark_rule(color=INK, strokeDash=[2, 3])
    return line.encode(x="zero:Q")


def _hover(field: str, title: str, format_: str) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:Q").title(title).format(format_)


def years(rows: Sequence[Row], title: str, words: Words) -> Spec:
    """Median and quartiles by year, and the trend's line through the years that enter it."""
    by_year = [row for row in rows if row["year"] is not None and row["n"] >= FEWEST_A_YEAR]
    points = [{name: row[name] for name in ("year", "n", "median", "q1", "q3")} for row in by_year]
    base = alt.Chart(_inline(points)).encode(
        x=alt.X("year:Q").axis(format="d").scale(zero=False, nice=False).title(None)
    )
    band = base.mark_area(color=PALETTE[0], opacity=0.2, interpolate="monotone").encode(
        y=alt.Y("q1:Q").title(title), y2=alt.Y2("q3:Q")
    )
    middle = base.mark_line(
        color=PALETTE[0], point=alt.OverlayMarkDef(size=22, color=PALETTE[0]), strokeWidth=1.5
    ).encode(
        y="median:Q",
        tooltip=[
            _hover("year", words("columns.year"), "d"),
            *(_hover(name, words(f"columns.{name}"), ",.1f") for name in ("median", "q1", "q3")),
            _hover("n", words("columns.n"), ","),
        ],
    )
    line = _trend_line(rows, by_year)
    trend = alt.Chart(_inline(line)).mark_line(color=PALETTE[1], strokeDash=[6, 4], strokeWidth=2)
    layers = [band, middle, *([trend.encode(x="year:Q", y="median:Q")] if line else [])]
    return _finish(alt.layer(*layers), height=280)


def _trend_line(rows: Sequence[Row], by_year: Sequence[Row]) -> list[Row]:
    """The two ends of Theil-Sen's line, whose intercept is the median of what the slope leaves."""
    slope = next((row["trend"] for row in rows if row["year"] is None), None)
    if slope is None:
        return []
    start = median(row["median"] - slope / 10 * row["year"] for row in by_year)
    ends = (min(row["year"] for row in by_year), max(row["year"] for row in by_year))
    return [{"year": year, "median": start + slope / 10 * year} for year in ends]


def _money(words: Words) -> str:
    """A tick's label: 1 M, 10 M, 1 B in the reader's words."""
    steps = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))
    cases = (
        f"datum.value >= {size} ? format(datum.value / {size}, '~r') + '{words(f'chart.{word}')}'"
        for size, word in steps
    )
    return " : ".join((*cases, "datum.value"))


def _inline(rows: Sequence[Row]) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])


def _finish(chart: alt.Chart | alt.LayerChart | alt.FacetChart, height: int) -> Spec:
    """The page's look; the width is that of the page."""
    with alt.data_transformers.enable(consolidate_datasets=False):
        spec: Spec = (
            chart.properties(
                width="container", height=height, autosize=alt.AutoSizeParams(type="fit")
            )
            .configure(background="transparent", font="system-ui, sans-serif")
            .configure_view(stroke=None)
            .configure_axis(
                labelColor=INK,
                titleColor=INK,
                domainColor=FAINT,
                tickColor=FAINT,
                gridColor=FAINT,
                labelFontSize=12,
                titleFontSize=12,
                titleFontWeight="normal",
            )
            .configure_legend(labelColor=INK, orient="top", labelFontSize=12, symbolOpacity=1)
            .to_dict()
        )
    return spec
