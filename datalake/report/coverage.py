"""The chart of data quality: how many titles are left at each step."""

from collections.abc import Sequence

import altair as alt

from datalake.report.chapter import Figure, Spec
from datalake.report.chart_style import INK, PALETTE, PAPER, finish, hover_number, hover_text
from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.schemas.table import Row


def _bars(genres: Sequence[str], translate: Translator) -> Spec:
    """A bar a step and kind."""
    kinds = [translate.name("kinds", kind) for kind in ("movie", "series")]
    titles = translate("columns.titles")
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N").sort(None).title(None).axis(labelLimit=230, ticks=False, domain=False),
        yOffset=alt.YOffset("series:N").scale(domain=kinds),
        x=alt.X("percent:Q")
        .title(translate("chart.percent"))
        .scale(domain=[0, 100])
        .axis(values=[0, 50, 100]),
        tooltip=[
            hover_text("label", " "),
            hover_text("series", " "),
            hover_number("n", titles, ","),
        ],
    )
    color = alt.Color("series:N").scale(domain=kinds, range=PALETTE[:2]).legend(title=None)
    bars = base.mark_bar(cornerRadiusEnd=2).encode(color=color)
    is_long = "datum.percent > 50"  # beside a long bar there is no room on a phone
    counts = base.mark_text(
        align=alt.expr(f"{is_long} ? 'right' : 'left'"),
        dx=alt.expr(f"{is_long} ? -6 : 4"),
        color=alt.expr(f"{is_long} ? '{PAPER}' : '{INK}'"),
    ).encode(text="counted:N")
    return finish(alt.layer(bars, counts), step=40)


def _static_rows(data: PageData, translate: Translator) -> list[Row]:
    """One row per kind and step."""
    return [
        {
            **{"label": translate.name("steps", step), "n": kind_row[step]},
            **{"series": translate.name("kinds", kind_row["kind"])},
            **{"percent": 100 * kind_row[step] / kind_row["titles"]},
            "counted": translate(
                "figures.coverage.counted",
                n=translate.number(kind_row[step]),
                share=translate.percent(kind_row[step] / kind_row["titles"]),
            ),
        }
        for kind_row in data.steps
        for step in data.shown_steps
        if kind_row["titles"] and (kind_row["kind"] == "movie" or step != "budgeted")
    ]


COVERAGE = Figure("coverage", _bars, static_rows=_static_rows)
