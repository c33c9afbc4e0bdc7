"""Do films that cost more draw more attention?"""

from datalake.questions.popularity_cost.table import TABLE
from datalake.questions.question import Question

QUESTION = Question(
    __name__,
    number=1,
    table=TABLE,
    needs_tmdb=True,
    original="Popularidade vs. custo: como se relacionam o orçamento (API)"
    " e a popularidade (CSV + API)?",
)
