"""What the sample's answers are by construction, and the draws that make them so.

Every figure of a title comes from a standard normal value, its latent: `quantiles` turns the
latent into the figure without changing the order, so rank correlations are set by the latents'.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Literal, NamedTuple

from datalake.core.errors import SettingsError

# Correlations of the two ratings with each other, and of an outcome with success at large.
_RATINGS_CORRELATION = 0.4
_OUTCOME_LOADING = 0.85
# Correlations of each rating (IMDb's, TMDB's) with success, by `better_rating`.
_SUCCESS_CORRELATIONS = {"imdb": (0.65, 0.2), "tmdb": (0.2, 0.65), "none": (0.45, 0.45)}


class Latents(NamedTuple):
    """One title's standard normal values; `outcome` is a film's return, a series' length."""

    imdb: float
    tmdb: float
    votes: float
    popularity: float
    budget: float
    outcome: float


@dataclass(frozen=True)
class Truth:
    """The answers planted in a sample, one for each business question.

    `budget_popularity` is Spearman's correlation of films' budget with TMDB popularity;
    the trends are minutes of film and episodes of a season, per decade; `best_director` has
    the best-rated films; `better_rating` goes more closely with success.
    """

    budget_popularity: float = 0.6
    minutes_per_decade: float = 4.0
    episodes_per_decade: float = -2.0
    best_director: str = "Marina Falcão"
    better_rating: Literal["imdb", "tmdb", "none"] = "imdb"

    def __post_init__(self) -> None:
        if not -1 <= self.budget_popularity <= 1:
            raise SettingsError(f"budget_popularity {self.budget_popularity}: not from -1 to 1")
        if self.better_rating not in _SUCCESS_CORRELATIONS:
            raise SettingsError(f"better_rating {self.better_rating}: not imdb, tmdb or none")

    @cached_property
    def _success(self) -> tuple[float, float, float]:
        """Weights of both ratings and of chance in a title's success."""
        imdb, tmdb = _SUCCESS_CORRELATIONS[self.better_rating]
        spread = 1 - _RATINGS_CORRELATION**2
        weight_imdb = (imdb - _RATINGS_CORRELATION * tmdb) / spread
        weight_tmdb = (tmdb - _RATINGS_CORRELATION * imdb) / spread
        return weight_imdb, weight_tmdb, math.sqrt(1 - weight_imdb * imdb - weight_tmdb * tmdb)

    @cached_property
    def _budget(self) -> float:
        # Pearson's correlation of two normals whose Spearman correlation is the wanted one.
        return 2 * math.sin(math.pi * self.budget_popularity / 6)

    def draw(self, rng: Random, acclaim: float = 0.0) -> Latents:
        """One title's latents; `acclaim` lifts both ratings and leaves chance less room."""
        room = 1 / (1 + acclaim)
        imdb = acclaim + room * rng.gauss(0, 1)
        tmdb = acclaim + room * _correlated(rng, (imdb - acclaim) / room, _RATINGS_CORRELATION)
        by_imdb, by_tmdb, by_chance = self._success
        success = by_imdb * imdb + by_tmdb * tmdb + by_chance * rng.gauss(0, 1)
        popularity = _correlated(rng, success, _OUTCOME_LOADING)
        return Latents(
            imdb=imdb,
            tmdb=tmdb,
            votes=_correlated(rng, success, _OUTCOME_LOADING),
            popularity=popularity,
            budget=_correlated(rng, popularity, self._budget),
            outcome=_correlated(rng, success, _OUTCOME_LOADING),
        )


def quantiles(*points: float, log: bool = False) -> Callable[[float], float]:
    """From a latent to the figure whose equally spaced quantiles are `points`, lowest first.

    Between two points the figure grows in a straight line, or with `log` by equal factors.
    """
    knots = [math.log(point) for point in points] if log else list(points)
    last = len(knots) - 1

    def figure(latent: float) -> float:
        place = last * 0.5 * math.erfc(-latent / math.sqrt(2))
        below = min(int(place), last - 1)
        value = knots[below] + (knots[below + 1] - knots[below]) * (place - below)
        return math.exp(value) if log else value

    return figure


def _correlated(rng: Random, latent: float, correlation: float) -> float:
    return correlation * latent + math.sqrt(1 - correlation**2) * rng.gauss(0, 1)
