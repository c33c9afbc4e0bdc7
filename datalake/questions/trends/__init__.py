"""How do film lengths and seasons change over the years?"""

from datalake.questions.question import Question
from datalake.questions.trends.table import TABLE

QUESTION = Question(
    __name__,
    number=3,
    table=TABLE,
    original="Formato e tendências: como mudaram, ao longo dos anos, a duração dos filmes"
    " e o número de episódios por temporada?",
)
