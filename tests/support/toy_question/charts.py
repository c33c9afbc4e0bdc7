"""The mean of each genre."""

from collections.abc import Sequence

from datalake.questions.charts import Charts
from datalake.report.chapter import Figure, Spec
from datalake.report.i18n import Translator
from datalake.report.intervals import intervals_chart

from .estimate import lengths


def spec(genres: Sequence[str], translate: Translator) -> Spec:
    """A dot a genre."""
    letters = translate("toy_question.letters")
    return intervals_chart([letters], letters, from_zero=True)


CHARTS = Charts(
    figures=[Figure("name_lengths", spec)],
    constants={"FEWEST": 1},
    columns=lambda population: {"toys": {"letters": lengths(population.titles)}},
)
