"""Success in its own units, of the worst-rated and the best-rated quarter of titles."""

import numpy as np

from datalake.questions.population import Titles
from datalake.statistics.estimate import FEWEST, Mask, number_or_null
from datalake.statistics.survival import share_lasting

LONG = 5
"""Years: the share of series that run longer is told."""


def by_quarter(titles: Titles, outcome: str) -> dict[str, float | None]:
    """The median outcome (votes: of both sites) by the mean of both ratings.

    Of longevity: the share that runs longer than five years (Kaplan and Meier).
    """
    names = ("worst_quarter", "best_quarter")
    if len(titles) < FEWEST:
        return dict.fromkeys(names)
    rating = (titles["imdb_rating"] + titles["tmdb_rating"]) / 2
    low, high = np.quantile(rating, [0.25, 0.75])
    quarters = (rating <= low, rating >= high)
    return {
        name: _median_outcome(titles, chosen, outcome)
        for name, chosen in zip(names, quarters, strict=True)
    }


def _median_outcome(titles: Titles, chosen: Mask, outcome: str) -> float | None:
    part = titles.where(chosen)
    if outcome == "longevity":
        return number_or_null(share_lasting(part["years_on_air"], part["ended"] == 1, LONG))
    if outcome == "votes":
        return float(np.median(part["imdb_votes"] + part["tmdb_votes"]))
    return float(np.median(part[outcome]))
