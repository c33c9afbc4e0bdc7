"""The mean of each genre."""

from datalake.questions.charts import Charts
from datalake.report.chapter import Figure
from datalake.report.intervals import intervals_chart

from .estimate import lengths


def spec(genres, translate):
    letters = translate("toy_question.letters")
    return intervals_chart([letters], letters, from_zero=True)


CHARTS = Charts(
    figures=[Figure("name_lengths", spec)],
    constants={"FEWEST": 1},
    columns=lambda population: {"toys": {"letters": lengths(population.titles)}},
)
