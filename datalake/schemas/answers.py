"""Answers: one small table per business question, with what a reader needs to trust it."""

from datalake.schemas.table import Table, columns

_LEFT_OUT = ("left_out", "map<string,long>", "Reason → how many were left out of n for it")

POPULARITY_COST = Table(
    "Answers",
    "q1_popularity_cost",
    "One row per measure × stratum: the rank correlation of films' budget with the measure.",
    key=("measure", "stratum_type", "stratum"),
    columns=columns(
        ("measure", "string", "tmdb_popularity or imdb_votes"),
        ("stratum_type", "string", "all, genre or decade"),
        ("stratum", "string", "all, the genre's name, or the decade's first year"),
        ("n", "long", "Films with a known budget and measure"),
        ("rho", "double", "Spearman's rank correlation, -1 to 1; null under 10 films"),
        ("ci_low", "double", "Lower end of its 95 % interval (Bonett and Wright)"),
        ("ci_high", "double", "Upper end of its 95 % interval"),
        _LEFT_OUT,
    ),
)

PEOPLE = Table(
    "Answers",
    "q2_people",
    "One row per role × person with at least three rated titles in scope.",
    key=("role", "person_key"),
    columns=columns(
        ("role", "string", "creator, director or lead_actor (the first billed)"),
        ("rank", "int", "Place within the role, 1 is best; the first 100 are kept"),
        ("person_key", "long", "The person"),
        ("name", "string", "The person's name"),
        ("titles", "long", "Titles in scope, rated on both IMDb and TMDB"),
        ("imdb_mean", "double", "Mean IMDb rating of those titles"),
        ("tmdb_mean", "double", "Mean TMDB rating of those titles"),
        ("score", "double", "Mean of both ratings, shrunk towards the role's mean"),
        ("ci_low", "double", "Lower end of its 95 % interval; null with a null prior_weight"),
        ("ci_high", "double", "Upper end of its 95 % interval"),
        ("prior_mean", "double", "The role's mean, towards which the score is shrunk"),
        ("prior_weight", "double", "How many titles the prior weighs; null: it outweighs any"),
        ("imdb_votes", "long", "IMDb votes of those titles together"),
        ("tmdb_votes", "long", "TMDB votes of those titles together"),
        ("best_known", "array<string>", "Up to three titles with the most IMDb votes"),
        _LEFT_OUT,
    ),
)

TRENDS = Table(
    "Answers",
    "q3_trends",
    "One row per measure × year, and one per measure with its trend (year null).",
    key=("measure", "year"),
    columns=columns(
        ("measure", "string", "film_length (minutes) or episodes_per_season"),
        ("year", "int", "Year of release, or year the season began; null: the trend's years"),
        ("n", "long", "Films or seasons"),
        ("median", "double", "Median of the measure"),
        ("q1", "double", "First quartile"),
        ("q3", "double", "Third quartile"),
        ("trend", "double", "Theil-Sen slope of yearly medians, per decade; null under 10 years"),
        ("ci_low", "double", "Lower end of the trend's 95 % interval"),
        ("ci_high", "double", "Upper end of the trend's 95 % interval"),
        _LEFT_OUT,
    ),
)

RATINGS = Table(
    "Answers",
    "q4_ratings",
    "One row per kind × outcome: which rating goes with it more closely, on the same titles.",
    key=("kind", "outcome"),
    columns=columns(
        ("kind", "string", "movie or series"),
        ("outcome", "string", "return, popularity, votes; years_on_air, seasons, episodes"),
        ("n", "long", "Titles with both ratings and the outcome"),
        ("rho_imdb", "double", "Spearman's rho of IMDb's rating with the outcome; null: n < 10"),
        ("imdb_low", "double", "Lower end of its 95 % interval (bootstrap)"),
        ("imdb_high", "double", "Upper end of its 95 % interval"),
        ("rho_tmdb", "double", "Spearman's rho of TMDB's rating with the outcome; null: n < 10"),
        ("tmdb_low", "double", "Lower end of its 95 % interval (bootstrap)"),
        ("tmdb_high", "double", "Upper end of its 95 % interval"),
        ("difference", "double", "|rho_imdb| - |rho_tmdb|: how much closer IMDb's goes with it"),
        ("ci_low", "double", "Lower end of the difference's 95 % interval (paired bootstrap)"),
        ("ci_high", "double", "Upper end of the difference's 95 % interval"),
        ("verdict", "string", "imdb, tmdb, or no_difference that the data can show; null: n < 10"),
        _LEFT_OUT,
    ),
)

ANSWERS = (POPULARITY_COST, PEOPLE, TRENDS, RATINGS)
