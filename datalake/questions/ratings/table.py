"""The answer's table: its grain, key and columns."""

from datalake.questions.tables import DECADE, GENRE, LEFT_OUT
from datalake.schemas.table import Table, columns

TABLE = Table(
    "Answers",
    "q4_ratings",
    "One row per kind × genre × decade × outcome: what each rating has to do with it.",
    key=("kind", "genre", "decade", "outcome"),
    columns=columns(
        ("kind", "string", "movie or series"),
        GENRE,
        DECADE,
        ("outcome", "string", "return, popularity, votes; longevity, seasons, episodes"),
        ("n", "long", "Titles with both ratings, the outcome and a year"),
        ("rho_imdb", "double", "Rank correlation of IMDb's rating with the outcome; null: n < 10"),
        ("imdb_low", "double", "Lower end of its 95 % interval"),
        ("imdb_high", "double", "Upper end of its 95 % interval"),
        ("rho_tmdb", "double", "The same of TMDB's rating"),
        ("tmdb_low", "double", "Lower end of its 95 % interval"),
        ("tmdb_high", "double", "Upper end of its 95 % interval"),
        ("difference", "double", "rho_imdb - rho_tmdb: how much closer IMDb's goes with it"),
        ("ci_low", "double", "Lower end of the difference's 95 % interval"),
        ("ci_high", "double", "Upper end of the difference's 95 % interval"),
        (
            "verdict",
            "string",
            "imdb, tmdb, no_difference shown, or neither (no rating rises with it); null: n < 10",
        ),
        ("adjusted_imdb", "double", "rho_imdb among titles alike in `adjusted_for` (partial)"),
        ("adjusted_tmdb", "double", "rho_tmdb among titles alike in `adjusted_for` (partial)"),
        ("adjusted_difference", "double", "adjusted_imdb - adjusted_tmdb"),
        ("adjusted_low", "double", "Lower end of the adjusted difference's 95 % interval"),
        ("adjusted_high", "double", "Upper end of the adjusted difference's 95 % interval"),
        ("adjusted_verdict", "string", "The verdict by the adjusted difference"),
        (
            "adjusted_for",
            "string",
            "votes_and_year; of votes the year alone; of longevity fame_and_decade",
        ),
        (
            "worst_quarter",
            "double",
            "Median outcome of the quarter rated worst by the mean of both; of longevity the"
            " share that runs longer than five years (Kaplan-Meier)",
        ),
        ("best_quarter", "double", "The same of the quarter rated best"),
        (
            "skill_imdb",
            "double",
            "R2 out of sample of the outcome's logarithm by IMDb's rating; null: n < 50, longevity",
        ),
        ("skill_tmdb", "double", "The same by TMDB's rating"),
        ("skill_both", "double", "The same by both"),
        ("skill_low", "double", "Lower end of the 95 % interval of skill_both"),
        ("skill_high", "double", "Upper end of it"),
        ("gain", "double", "skill_both less the better one of the two"),
        ("gain_low", "double", "Lower end of its 95 % interval"),
        ("gain_high", "double", "Upper end of its 95 % interval"),
        ("ratings_alike", "double", "Spearman's rho of the two ratings with each other"),
        LEFT_OUT,
    ),
)
