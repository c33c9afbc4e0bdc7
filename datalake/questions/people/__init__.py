"""Whose titles are rated best: creators, directors, leading actors?"""

from datalake.questions.people.table import TABLE
from datalake.questions.question import Question

QUESTION = Question(
    __name__,
    number=2,
    table=TABLE,
    original="Criadores e elenco: quais criadores, diretores e atores principais acompanham"
    " obras de Crime e Guerra bem avaliadas, tanto no IMDb quanto no TMDB?",
)
