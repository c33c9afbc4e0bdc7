"""The answer's table: its grain, key and columns."""

from datalake.questions.tables import GENRE, LEFT_OUT
from datalake.schemas.table import Table, columns

TABLE = Table(
    "Answers",
    "q3_trends",
    "One row per measure × genre × year, and one per measure × genre with its trend (year null).",
    key=("measure", "genre", "year"),
    columns=columns(
        ("measure", "string", "film_length (minutes) or episodes_per_season"),
        GENRE,
        ("year", "int", "Year of release, or year the season began; null: the trend's years"),
        ("n", "long", "Films or seasons"),
        ("median", "double", "Median of the measure"),
        ("q1", "double", "First quartile"),
        ("q3", "double", "Third quartile"),
        ("adjusted_median", "double", "Median if the year had the trend's mix of genres and fame"),
        ("trend", "double", "Theil-Sen slope of yearly medians, per decade; null under 10 years"),
        ("ci_low", "double", "Lower end of the trend's 95 % interval"),
        ("ci_high", "double", "Upper end of the trend's 95 % interval"),
        ("adjusted_trend", "double", "The same slope of the yearly adjusted medians"),
        ("adjusted_low", "double", "Lower end of the adjusted trend's 95 % interval"),
        ("adjusted_high", "double", "Upper end of the adjusted trend's 95 % interval"),
        (
            "bends",
            "array<int>",
            "Years where the line through the yearly medians bends; may be none",
        ),
        ("bends_low", "array<int>", "Lower ends of the bends' 95 % intervals"),
        ("bends_high", "array<int>", "Upper ends of them"),
        (
            "levels",
            "array<double>",
            "That line in its first year, at its bends and in its last year",
        ),
        ("slopes", "array<double>", "Its slope per decade, a period each; null in rows of a year"),
        ("slopes_low", "array<double>", "Lower ends of the slopes' 95 % intervals"),
        ("slopes_high", "array<double>", "Upper ends of them"),
        LEFT_OUT,
    ),
)
