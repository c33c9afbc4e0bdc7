"""Both ratings' correlations with each outcome, and how long well- and badly rated series last."""

from collections.abc import Callable, Sequence

import altair as alt
import numpy as np

from datalake.questions.charts import Charts
from datalake.questions.ratings.estimate import OUTCOMES
from datalake.questions.ratings.table import TABLE
from datalake.questions.ratings.units import LONG
from datalake.report.chapter import Figure, Spec
from datalake.report.chart_style import PALETTE, finish, hover_number, hover_text
from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.report.intervals import interval_row, intervals_chart
from datalake.schemas.table import Row
from datalake.statistics.estimate import FEWEST, number_or_null
from datalake.statistics.survival import share_lasting


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


def _static_correlations(kind: str) -> Callable[[PageData, Translator], list[Row]]:
    """Both ratings' correlations with each outcome of that kind."""

    def rows(data: PageData, translate: Translator) -> list[Row]:
        answers = [
            row
            for row in data.answers[TABLE.name]
            if (row["kind"], row["genre"], row["decade"]) == (kind, "all", None) and row["verdict"]
        ]
        return [
            interval_row(
                translate.name("outcomes", row["outcome"]),
                name,
                row[f"rho_{site}"],
                (row[f"{site}_low"], row[f"{site}_high"]),
                row["n"],
            )
            for row in answers
            for site, name in (("imdb", "IMDb"), ("tmdb", "TMDB"))
        ]

    return rows


def _static_survival(data: PageData, translate: Translator) -> list[Row]:
    """The share still running at the end of each year, of the best and the worst rated."""
    titles = data.chart_data["titles"]
    names = ("imdb_rating", "tmdb_rating", "years_on_air", "ended", "kind")
    columns = np.array([titles[name] for name in names], float)
    imdb, tmdb, years, ended, kind = columns[:, ~np.isnan(columns).any(axis=0)]
    series = kind == 1
    rating = (imdb + tmdb) / 2
    if series.sum() < FEWEST:
        return []
    low, high = np.quantile(rating[series], [0.25, 0.75])
    quarters = {"best": series & (rating >= high), "worst": series & (rating <= low)}
    rows = [
        {
            **{"series": translate.name("quarters", quarter), "time": year, "n": 1},
            "share": number_or_null(share_lasting(years[chosen], ended[chosen] == 1, year)),
        }
        for quarter, chosen in quarters.items()
        for year in range(int(years[chosen].max()))
    ]
    return [{**row, "low": row["share"], "high": row["share"]} for row in rows]


CHARTS = Charts(
    figures=[
        *(Figure(kind, _correlations, static_rows=_static_correlations(kind)) for kind in OUTCOMES),
        Figure("longevity", _survival, static_rows=_static_survival),
    ],
    constants={"OUTCOMES": OUTCOMES, "LONG": LONG},
)
