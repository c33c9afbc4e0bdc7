"""A chart that several questions share: per label a dot with its interval."""

from collections.abc import Sequence

import altair as alt

from datalake.report.chapter import Spec
from datalake.report.chart_style import INK, PALETTE, SHAPES, finish, hover_number, hover_text
from datalake.schemas.table import Row


def intervals_chart(series: Sequence[str], axis: str, from_zero: bool) -> Spec:
    """Per `label` and series a dot with its 95 % interval, in the order of the rows."""
    several = len(series) > 1
    legend = alt.Legend(title=None) if several else None
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N").sort(None).title(None).axis(labelLimit=230, ticks=False, domain=False),
        color=alt.Color("series:N")
        .scale(domain=series, range=PALETTE[: len(series)])
        .legend(legend),
        tooltip=[
            *(hover_text(name, " ") for name in ("label", "series")),
            hover_number("value", axis, ".2f"),
            hover_number("low", "2.5%", ".2f"),
            hover_number("high", "97.5%", ".2f"),
            hover_number("n", "n", ","),
        ],
    )
    if several:
        base = base.encode(yOffset=alt.YOffset("series:N").scale(domain=series))
    layers = [*([_zero()] if from_zero else []), *_dots_and_lines(base, series, axis, legend)]
    return finish(alt.layer(*layers), step=26 if several else 22)


def interval_row(label: str, series: str, value: float, ends: tuple[float, float], n: int) -> Row:
    """A row of that chart; `ends` are the interval's."""
    low, high = ends
    return {"label": label, "series": series, "value": value, "low": low, "high": high, "n": n}


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
    zero = alt.InlineData(values=[{"zero": 0}])
    line: alt.Chart = alt.Chart(zero).mark_rule(color=INK, strokeDash=[2, 3])
    return line.encode(x="zero:Q")
