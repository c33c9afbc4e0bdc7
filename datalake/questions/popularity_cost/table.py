"""The answer's table: its grain, key and columns."""

from datalake.questions.tables import DECADE, GENRE, LEFT_OUT
from datalake.schemas.table import Table, columns

TABLE = Table(
    "Answers",
    "q1_popularity_cost",
    "One row per measure × genre × decade: the rank correlation of films' budget with the measure.",
    key=("measure", "genre", "decade"),
    columns=columns(
        ("measure", "string", "tmdb_popularity, imdb_votes or return (revenue over budget)"),
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
        ("cheapest_median", "double", "Median of the measure in the quarter of lowest budgets"),
        ("dearest_median", "double", "Median of the measure in the quarter of highest budgets"),
        ("lost", "double", "Share of the films with a return under 1; null for other measures"),
        (
            "per_decade",
            "double",
            "Change of rho's inverse hyperbolic tangent a decade; null in rows of one decade",
        ),
        ("per_decade_low", "double", "Lower end of its 95 % interval"),
        ("per_decade_high", "double", "Upper end of its 95 % interval"),
        (
            "over_others",
            "double",
            "rho less that of the films without the genre, on the same scale; null likewise",
        ),
        ("over_others_low", "double", "Lower end of its 95 % interval"),
        ("over_others_high", "double", "Upper end of its 95 % interval"),
        ("votes_with_budget", "double", "Median IMDb votes of the stratum's films with a budget"),
        ("votes_without", "double", "Median IMDb votes of its other films"),
        LEFT_OUT,
    ),
)
