"""What the answer's table holds."""

from datalake.questions.tables import GENRE
from datalake.schemas.table import Table, columns

TABLE = Table(
    "Answers",
    "q6_name_lengths",
    "One row per genre: how long its titles' names are.",
    key=("genre",),
    columns=columns(
        GENRE,
        ("n", "long", "Titles"),
        ("letters", "double", "Mean number of letters of their names"),
        ("longest_by", "string", "Who directed the title with the longest name; null: nobody"),
    ),
)
