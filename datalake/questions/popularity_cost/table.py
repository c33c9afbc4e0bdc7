"""The answer's table: its grain, key and columns."""

from datalake.questions.tables import DECADE, GENRE, LEFT_OUT
from datalake.schemas.table import Table, columns

TABLE = Table(
    "Answers",
    "q1_popularity_cost",
    "One row per measure × genre × decade: the rank correlation of films' budget with the measure.",
    key=("measure", "genre", "decade"),
    columns=columns(
        ("measure", "string", "tmdb_popularity or imdb_votes"),
        GENRE,
        DECADE,
        ("n", "long", "Films with a known budget, measure and year"),
        ("rho", "double", "Spearman's rank correlation, -1 to 1; null under 10 films"),
        ("ci_low", "double", "Lower end of its 95 % interval"),
        ("ci_high", "double", "Upper end of its 95 % interval"),
        (
            "adjusted",
            "double",
            "The same among films alike in `adjusted_for` (partial)",
        ),
        ("adjusted_low", "double", "Lower end of its 95 % interval"),
        ("adjusted_high", "double", "Upper end of its 95 % interval"),
        ("adjusted_for", "string", "votes_and_year, or year: votes can't be adjusted for votes"),
        LEFT_OUT,
    ),
)
