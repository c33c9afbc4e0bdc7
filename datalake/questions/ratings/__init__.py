"""Which rating goes with a title's success more closely, IMDb's or TMDB's?"""

from datalake.questions.question import Question
from datalake.questions.ratings.table import TABLE

QUESTION = Question(__name__, number=4, table=TABLE, needs_tmdb=True)
