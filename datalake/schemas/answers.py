"""Answers: one small table per business question, with what a reader needs to trust it.

In all of them `genre` is `all` (any genre in scope) or one genre in scope, and an interval is
a 95 % interval. The headline of a question is its row with `genre` all and no decade.
"""

from datalake.schemas.table import Table, columns

_LEFT_OUT = ("left_out", "map<string,long>", "Reason → how many were left out of n for it")
_GENRE = ("genre", "string", "all, or the genre in scope that the titles have")
_DECADE = ("decade", "int", "First year of the titles' decade of release; null: all years")

POPULARITY_COST = Table(
    "Answers",
    "q1_popularity_cost",
    "One row per measure × genre × decade: the rank correlation of films' budget with the measure.",
    key=("measure", "genre", "decade"),
    columns=columns(
        ("measure", "string", "tmdb_popularity or imdb_votes"),
        _GENRE,
        _DECADE,
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
        _LEFT_OUT,
    ),
)

PEOPLE = Table(
    "Answers",
    "q2_people",
    "One row per kind × genre × role × person with three rated titles or more; the first 100.",
    key=("kind", "genre", "role", "person_key"),
    columns=columns(
        ("kind", "string", "all, movie or series: the titles that count"),
        _GENRE,
        ("role", "string", "creator, director or lead_actor (the first billed)"),
        ("rank", "int", "Place in the list, 1 is best; the first 100 are kept"),
        ("person_key", "long", "The person"),
        ("name", "string", "The person's name"),
        ("titles", "long", "Titles that count, rated on both IMDb and TMDB"),
        ("imdb_mean", "double", "Mean IMDb rating of those titles"),
        ("tmdb_mean", "double", "Mean TMDB rating of those titles"),
        ("mean", "double", "Mean of both"),
        ("score", "double", "That mean, shrunk towards the list's mean"),
        ("ci_low", "double", "Lower end of its 95 % interval; null with a null prior_weight"),
        ("ci_high", "double", "Upper end of its 95 % interval"),
        ("chance_of_first", "double", "Chance to be the best of the list, 0 to 1; null likewise"),
        ("prior_mean", "double", "The list's mean, towards which the score is shrunk"),
        ("prior_weight", "double", "How many titles the prior weighs; null: it outweighs any"),
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
        ("tmdb_votes", "long", "TMDB votes of those titles together"),
        ("best_known", "array<string>", "Up to three titles with the most IMDb votes"),
        _LEFT_OUT,
    ),
)

TRENDS = Table(
    "Answers",
    "q3_trends",
    "One row per measure × genre × year, and one per measure × genre with its trend (year null).",
    key=("measure", "genre", "year"),
    columns=columns(
        ("measure", "string", "film_length (minutes) or episodes_per_season"),
        _GENRE,
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
        _LEFT_OUT,
    ),
)

RATINGS = Table(
    "Answers",
    "q4_ratings",
    "One row per kind × genre × decade × outcome: which rating goes with it more closely.",
    key=("kind", "genre", "decade", "outcome"),
    columns=columns(
        ("kind", "string", "movie or series"),
        _GENRE,
        _DECADE,
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
        _LEFT_OUT,
    ),
)

SENSITIVITY = Table(
    "Answers",
    "sensitivity",
    "One row per question × subject × variant: a headline again, with one choice made otherwise.",
    key=("question", "subject", "variant"),
    columns=columns(
        ("question", "string", "q1, q2, q3 or q4"),
        (
            "subject",
            "string",
            "q1 and q3: the measure; q2: the role; q4: kind and outcome, as in movie.return",
        ),
        ("variant", "string", "as_answered, adjusted, or the choice made otherwise"),
        ("n", "long", "Films, seasons or titles that count; q2: people"),
        (
            "value",
            "double",
            "q1: rank correlation; q2: the leader's score; q3: trend per decade; q4: difference",
        ),
        ("ci_low", "double", "Lower end of its 95 % interval"),
        ("ci_high", "double", "Upper end of its 95 % interval"),
        ("leader", "string", "q2: who is first; else null"),
        ("top_ten_kept", "int", "q2: how many of the answer's first ten are among the first ten"),
        (
            "agrees",
            "boolean",
            "Says what the answer says: same sign and certainty, q2: same leader, q4: same verdict",
        ),
    ),
)

ANSWERS = (POPULARITY_COST, PEOPLE, TRENDS, RATINGS, SENSITIVITY)
