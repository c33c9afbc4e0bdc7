"""The answer's table: its grain, key and columns."""

from datalake.questions.tables import GENRE, LEFT_OUT
from datalake.schemas.table import Table, columns

TABLE = Table(
    "Answers",
    "q2_people",
    "One row per kind × genre × role × person with three rated works or more; the first 100.",
    key=("kind", "genre", "role", "person_key"),
    columns=columns(
        ("kind", "string", "all, movie or series: the titles that count"),
        GENRE,
        ("role", "string", "creator, director or lead_actor (the first billed)"),
        ("rank", "int", "Place in the list, 1 is best; the first 100 are kept"),
        ("person_key", "long", "The person"),
        ("name", "string", "The person's name"),
        ("titles", "long", "Titles that count: those with the ratings that rated_by names"),
        ("works", "long", "Works among those titles: the films of one franchise are one work"),
        ("imdb_mean", "double", "Mean IMDb rating of those titles"),
        ("tmdb_mean", "double", "Mean TMDB rating of those titles; null where IMDb's alone count"),
        (
            "high_on_both",
            "long",
            "How many of those titles are in the top quarter of their kind on both sites; null"
            " where IMDb's ratings alone count",
        ),
        (
            "mean",
            "double",
            "Mean of the works' ratings, a franchise's being its titles' mean; a title's is the"
            " lower of both, each measured against titles of its kind, on IMDb's scale; or IMDb's"
            " alone, likewise",
        ),
        ("score", "double", "That mean, shrunk towards the list's mean"),
        ("ci_low", "double", "Lower end of its 95 % interval; null with a null prior_weight"),
        ("ci_high", "double", "Upper end of its 95 % interval"),
        ("chance_of_first", "double", "Chance to be the best of the list, 0 to 1; null likewise"),
        ("prior_mean", "double", "The list's mean, towards which the score is shrunk"),
        ("prior_weight", "double", "How many works the prior weighs; null: it outweighs any"),
        (
            "adjusted",
            "double",
            "The score after taking from each title what titles of its kind, genres, decade and"
            " fame have over the list's mean",
        ),
        (
            "adjusted_low",
            "double",
            "Lower end of its 95 % interval; null as above",
        ),
        ("adjusted_high", "double", "Upper end of its 95 % interval"),
        ("adjusted_rank", "int", "Place by the adjusted score, among all of the list"),
        ("imdb_votes", "long", "IMDb votes of those titles together"),
        ("tmdb_votes", "long", "TMDB votes of those titles together; null likewise"),
        ("best_known", "array<string>", "Up to three titles with the most IMDb votes"),
        (
            "rated_by",
            "string",
            "imdb_and_tmdb, or imdb in a lake without TMDB's ratings: whose ratings count",
        ),
        LEFT_OUT,
    ),
)
