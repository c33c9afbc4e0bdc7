"""Both ratings' correlations with each outcome."""

from collections.abc import Sequence

from datalake.questions.charts import Charts
from datalake.questions.ratings.estimate import OUTCOMES
from datalake.report.chapter import Figure, Spec
from datalake.report.i18n import Translator
from datalake.report.intervals import intervals_chart


def _correlations(genres: Sequence[str], translate: Translator) -> Spec:
    return intervals_chart(["IMDb", "TMDB"], translate("chart.rho"), from_zero=True)


CHARTS = Charts(
    figures=[Figure(kind, _correlations) for kind in OUTCOMES],
    constants={"OUTCOMES": OUTCOMES},
)
