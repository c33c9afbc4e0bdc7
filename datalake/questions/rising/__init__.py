"""Which titles are rising: more votes and popularity than their size and age predict?"""

from datalake.questions.question import Question
from datalake.questions.rising.table import TABLE

QUESTION = Question(__name__, number=5, table=TABLE)
