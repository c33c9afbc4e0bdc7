"""Medians and quartiles by year, and the trend through them."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import altair as alt
import numpy as np

from datalake.questions.charts import Charts, json_numbers
from datalake.questions.population import Population
from datalake.questions.trends.estimate import FEWEST_A_YEAR, MEASURES
from datalake.questions.trends.story import HALF
from datalake.questions.trends.table import TABLE
from datalake.report.chapter import Figure, Spec
from datalake.report.chart_style import PALETTE, finish, hover_number
from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.schemas.table import Row
from datalake.statistics.segments import find_shape


def _years(measure: str) -> Callable[[Sequence[str], Translator], Spec]:
    """Median and quartiles by year, and the trend's line through the years that enter it."""

    def spec(genres: Sequence[str], translate: Translator) -> Spec:
        base = alt.Chart(alt.NamedData("rows")).encode(
            x=alt.X("year:Q")
            .axis(format="d", tickCount=8, labelOverlap=True)
            .scale(zero=False, nice=False)
            .title(None)
        )
        title = translate.name("measures", measure)
        middle_half = base.mark_area(opacity=0.22).encode(
            color=alt.datum(translate("chart.middle_half")),
            y=alt.Y("q1:Q").title(title).axis(tickCount=6).scale(zero=False),
            y2=alt.Y2("q3:Q"),
        )
        trend = base.mark_line(strokeDash=[6, 4], strokeWidth=2.5).encode(
            color=alt.datum(translate("chart.trend")), y="trend:Q"
        )
        return finish(alt.layer(middle_half, _medians(base, translate), trend), height=280)

    return spec


def _marks(translate: Translator) -> alt.Color:
    """The marks' colours, and the legend of all three."""
    names = [translate(key) for key in ("columns.median", "chart.middle_half", "chart.trend")]
    colors: alt.Color = (
        alt.Color("mark:N")
        .scale(domain=names, range=[PALETTE[0], PALETTE[5], PALETTE[1]])
        .legend(title=None, symbolType="square")
    )
    return colors


def _medians(base: alt.Chart, translate: Translator) -> alt.Chart:
    name = translate("columns.median")
    line: alt.Chart = base.transform_calculate(mark=f"'{name}'").mark_line(
        point=alt.OverlayMarkDef(size=24), strokeWidth=1.5
    )
    quartiles = [
        hover_number(name, translate(f"columns.{name}"), ",.1f") for name in ("median", "q1", "q3")
    ]
    return line.encode(
        color=_marks(translate),
        y="median:Q",
        tooltip=[
            hover_number("year", translate("columns.year"), "d"),
            *quartiles,
            hover_number("n", translate("columns.n"), ","),
        ],
    )


def _static_years(measure: str) -> Callable[[PageData, Translator], list[Row]]:
    """Years with enough in them, and the trend's line through them."""

    def rows(data: PageData, translate: Translator) -> list[Row]:
        yearly_rows = (row for row in data.answers[TABLE.name] if row["year"])
        shown = [row for row in yearly_rows if (row["genre"], row["measure"]) == ("all", measure)]
        years = [row for row in shown if row["n"] >= FEWEST_A_YEAR]
        years.sort(key=itemgetter("year"))
        x, y = (np.array([row[name] for row in years], float) for name in ("year", "median"))
        shape = find_shape(x, y)
        if shape is None:
            return [{**row, "trend": None} for row in years]
        corners = [x[0], *(bend.value for bend in shape.bends), x[-1]]
        line = np.interp(x, corners, shape.levels).tolist()
        return [{**row, "trend": trend} for row, trend in zip(years, line, strict=True)]

    return rows


def _columns(population: Population) -> Mapping[str, Any]:
    """A season of known size, specials aside: title, year, episodes."""
    seasons = population.seasons
    counted = seasons.where(~seasons.special & (seasons.episodes > 0))
    return {
        "seasons": {
            "title": counted.title.tolist(),
            **{"year": json_numbers(counted.year), "episodes": json_numbers(counted.episodes)},
        }
    }


CHARTS = Charts(
    figures=[
        Figure(measure, _years(measure), static_rows=_static_years(measure)) for measure in MEASURES
    ],
    constants={"FEWEST_A_YEAR": FEWEST_A_YEAR, "HALF": HALF},
    columns=_columns,
)
