"""Medians and quartiles by year, and the trend through them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt

from datalake.questions.charts import Charts, json_numbers
from datalake.questions.population import Population
from datalake.questions.trends.estimate import FEWEST_A_YEAR
from datalake.report.chapter import Figure, Spec
from datalake.report.chart_style import PALETTE, finish, hover_number
from datalake.report.i18n import Translator


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
        band = base.mark_area(color=PALETTE[0], opacity=0.18).encode(
            y=alt.Y("q1:Q").title(title).axis(tickCount=6).scale(zero=False), y2=alt.Y2("q3:Q")
        )
        trend = base.mark_line(color=PALETTE[1], strokeDash=[6, 4], strokeWidth=2.5)
        layers = alt.layer(band, _medians(base, translate), trend.encode(y="trend:Q"))
        return finish(layers, height=280)

    return spec


def _medians(base: alt.Chart, translate: Translator) -> alt.Chart:
    line: alt.Chart = base.mark_line(
        color=PALETTE[0], point=alt.OverlayMarkDef(size=24, color=PALETTE[0]), strokeWidth=1.5
    )
    quartiles = [
        hover_number(name, translate(f"columns.{name}"), ",.1f") for name in ("median", "q1", "q3")
    ]
    return line.encode(
        y="median:Q",
        tooltip=[
            hover_number("year", translate("columns.year"), "d"),
            *quartiles,
            hover_number("n", translate("columns.n"), ","),
        ],
    )


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
    figures=(
        Figure("film_length", _years("film_length")),
        Figure("episodes_per_season", _years("episodes_per_season")),
    ),
    constants={"FEWEST_A_YEAR": FEWEST_A_YEAR},
    columns=_columns,
)
