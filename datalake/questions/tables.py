"""What the answers' tables share: columns, and the table of sensitivity.

In all of them `genre` is `all` (any genre in scope) or one genre in scope, and an interval is
a 95 % interval. The headline of a question is its row with `genre` all and no decade.
"""

from datalake.schemas.table import Table, columns

LEFT_OUT = ("left_out", "map<string,long>", "Reason → how many were left out of n for it")
GENRE = ("genre", "string", "all, or the genre in scope that the titles have")
DECADE = ("decade", "int", "First year of the titles' decade of release; null: all years")

SENSITIVITY = Table(
    "Answers",
    "sensitivity",
    "One row per question × subject × variant: a headline again, with one choice made otherwise.",
    key=("question", "subject", "variant"),
    columns=columns(
        ("question", "string", "The question's number, as in q1"),
        ("subject", "string", "What the headline is of: a measure, a role, a kind's outcome"),
        ("variant", "string", "as_answered, adjusted, or the choice made otherwise"),
        ("n", "long", "Films, seasons, titles or people that count"),
        ("value", "double", "The headline's figure, in the question's own unit"),
        ("ci_low", "double", "Lower end of its 95 % interval"),
        ("ci_high", "double", "Upper end of its 95 % interval"),
        ("moved", "double", "The figure less the answer's"),
        ("p", "double", "p-value of 0 (of a list: of no difference between people)"),
        ("holm", "double", "p corrected for all answers of the question (Holm); null for variants"),
        ("leader", "string", "Who is first, where the answer is a list; else null"),
        ("top_ten_kept", "int", "How many of the answer's first ten are among the first ten"),
        (
            "agrees",
            "boolean",
            "Says what the answer says: the same sign, certainty and size; of a list, who is first",
        ),
    ),
)
