"""Both ratings' correlations with each outcome, and how long well- and badly rated series last."""

from collections.abc import Sequence

import altair as alt

from datalake.questions.charts import Charts
from datalake.questions.ratings.estimate import OUTCOMES
from datalake.questions.ratings.units import LONG
from datalake.report.chapter import Figure, Spec
from datalake.report.chart_style import PALETTE, finish, hover_number, hover_text
from datalake.report.i18n import Translator
from datalake.report.intervals import intervals_chart


def _correlations(genres: Sequence[str], translate: Translator) -> Spec:
    return intervals_chart(["IMDb", "TMDB"], translate("chart.rho"), from_zero=True)


def _survival(genres: Sequence[str], translate: Translator) -> Spec:
    """Steps of the share that still runs, with their intervals, of the best and worst rated."""
    names = [translate.name("quarters", quarter) for quarter in ("best", "worst")]
    percent = alt.Axis(format=".0%", tickCount=5)
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("time:Q").title(translate("chart.years")).axis(format="d", tickCount=8),
        color=alt.Color("series:N")
        .scale(domain=names, range=PALETTE[:2])
        .legend(title=None, symbolType="square"),
    )
    bands = base.mark_area(opacity=0.15, interpolate="step-after").encode(
        y=alt.Y("low:Q").axis(percent).scale(domain=[0, 1]).title(translate("chart.running")),
        y2=alt.Y2("high:Q"),
    )
    lines = base.mark_line(interpolate="step-after", strokeWidth=2.5).encode(
        y="share:Q",
        tooltip=[
            hover_text("series", " "),
            hover_number("time", translate("columns.time"), "d"),
            hover_number("share", translate("columns.share"), ".1%"),
            hover_number("low", "2.5%", ".1%"),
            hover_number("high", "97.5%", ".1%"),
            hover_number("at_risk", translate("columns.at_risk"), ","),
        ],
    )
    return finish(alt.layer(bands, lines), height=280)


CHARTS = Charts(
    figures=[*(Figure(kind, _correlations) for kind in OUTCOMES), Figure("longevity", _survival)],
    constants={"OUTCOMES": OUTCOMES, "LONG": LONG},
)
