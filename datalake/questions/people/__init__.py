"""Whose titles are rated best: creators, directors, leading actors?"""

from datalake.questions.people.table import TABLE
from datalake.questions.question import Question

QUESTION = Question(__name__, number=2, table=TABLE)
