"""Q4: which rating goes with a title's success more closely, IMDb's or TMDB's?"""

from typing import Any

import numpy as np
from pyspark.sql import DataFrame
from scipy import stats

from datalake.answers.columns import as_table, fetch
from datalake.answers.statistics import Estimate, Values, compare_correlations
from datalake.schemas.answers import RATINGS

_MEASURES = (
    *("imdb_rating", "tmdb_rating", "budget", "revenue", "popularity"),
    *("imdb_votes", "tmdb_votes", "years_on_air", "seasons", "episodes"),
)
_OUTCOMES = {
    "movie": ("return", "popularity", "votes"),
    "series": ("years_on_air", "seasons", "episodes"),
}


def ratings(fact_title: DataFrame, dim_title: DataFrame) -> DataFrame:
    """One row per kind × outcome: each rating's rank correlation with it, and which is stronger.

    Population: titles in scope of that kind; n and left_out add up to all of them. Both ratings
    are compared on the same titles. `return` is revenue over budget. `votes` is the mean of a
    film's rank by IMDb votes and its rank by TMDB votes: either source's own votes would favour
    that source's rating. Popularity has no such twin: it is TMDB's alone.
    """
    titles = dim_title.where("in_scope").select("title_key", "kind").join(fact_title, "title_key")
    rows = []
    for kind, outcomes in _OUTCOMES.items():
        measures, behind = fetch(titles.where(titles.kind == kind), "title_key", _MEASURES)
        rows += [_row(kind, outcome, measures, behind) for outcome in outcomes]
    return as_table(fact_title.sparkSession.createDataFrame(rows, RATINGS.ddl), RATINGS)


def _row(kind: str, outcome: str, measures: dict[str, Values], behind: int) -> tuple[Any, ...]:
    rated = ~np.isnan(measures["imdb_rating"]) & ~np.isnan(measures["tmdb_rating"])
    among_rated = {name: values[rated] for name, values in measures.items()}
    values = _outcome(outcome, among_rated)
    known = ~np.isnan(values)
    imdb, tmdb, lead = compare_correlations(
        values[known], among_rated["imdb_rating"][known], among_rated["tmdb_rating"][known]
    )
    left_out = {
        "no_both_ratings": int((~rated).sum()),
        "no_outcome": int((~known).sum()),
        "beyond_sample": behind,
    }
    return (
        *(kind, outcome, int(known.sum())),
        *(imdb.value, imdb.low, imdb.high, tmdb.value, tmdb.low, tmdb.high),
        *(lead.value, lead.low, lead.high, _verdict(lead)),
        {reason: titles for reason, titles in left_out.items() if titles},
    )


def _outcome(name: str, measures: dict[str, Values]) -> Values:
    """A title's success, NaN where unknown."""
    if name == "return":
        return measures["revenue"] / measures["budget"]
    if name == "votes":
        imdb, tmdb = (
            stats.rankdata(measures[source], nan_policy="omit")
            for source in ("imdb_votes", "tmdb_votes")
        )
        return imdb + tmdb
    return measures[name]


def _verdict(lead: Estimate) -> str | None:
    if lead.low is None or lead.high is None:
        return None
    if lead.low > 0:
        return "imdb"
    return "tmdb" if lead.high < 0 else "no_difference"
