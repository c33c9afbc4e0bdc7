"""Which rating goes with a title's success more closely, IMDb's or TMDB's?"""

from datalake.questions.question import Question
from datalake.questions.ratings.table import TABLE

QUESTION = Question(
    __name__,
    number=4,
    table=TABLE,
    needs_tmdb=True,
    original="Avaliações e sucesso: qual prevê melhor a longevidade e o sucesso,"
    " a nota do IMDb ou a do TMDB?",
)
