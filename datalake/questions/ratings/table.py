"""The answer's table: its grain, key and columns."""

from datalake.questions.tables import DECADE, GENRE, LEFT_OUT
from datalake.schemas.table import Table, columns

TABLE = Table(
    "Answers",
    "q4_ratings",
    "One row per kind × genre × decade × outcome: which rating goes with it more closely.",
    key=("kind", "genre", "decade", "outcome"),
    columns=columns(
        ("kind", "string", "movie or series"),
        GENRE,
        DECADE,
        ("outcome", "string", "return, popularity, votes; years_on_air, seasons, episodes"),
        ("n", "long", "Titles with both ratings, the outcome and a year"),
        ("rho_imdb", "double", "Spearman's rho of IMDb's rating with the outcome; null: n < 10"),
        ("imdb_low", "double", "Lower end of its 95 % interval"),
        ("imdb_high", "double", "Upper end of its 95 % interval"),
        ("rho_tmdb", "double", "Spearman's rho of TMDB's rating with the outcome; null: n < 10"),
        ("tmdb_low", "double", "Lower end of its 95 % interval"),
        ("tmdb_high", "double", "Upper end of its 95 % interval"),
        ("difference", "double", "|rho_imdb| - |rho_tmdb|: how much closer IMDb's goes with it"),
        ("ci_low", "double", "Lower end of the difference's 95 % interval"),
        ("ci_high", "double", "Upper end of the difference's 95 % interval"),
        ("verdict", "string", "imdb, tmdb, or no_difference that the data can show; null: n < 10"),
        ("adjusted_imdb", "double", "rho_imdb among titles alike in `adjusted_for` (partial)"),
        ("adjusted_tmdb", "double", "rho_tmdb among titles alike in `adjusted_for` (partial)"),
        ("adjusted_difference", "double", "|adjusted_imdb| - |adjusted_tmdb|"),
        ("adjusted_low", "double", "Lower end of the adjusted difference's 95 % interval"),
        ("adjusted_high", "double", "Upper end of the adjusted difference's 95 % interval"),
        ("adjusted_verdict", "string", "The verdict by the adjusted difference"),
        ("adjusted_for", "string", "votes_and_year, or year: votes can't be adjusted for votes"),
        LEFT_OUT,
    ),
)
