"""A population of titles with a load a month before: votes and popularity grown, without Spark."""

from datetime import date, timedelta

import numpy as np

from datalake.questions.charts import MEASURES
from datalake.questions.loads import Load
from datalake.questions.population import Credits, Population, Seasons, Titles

NOW = date(2026, 11, 1)
RISER = 6
"""The index of the film that gains far more than its size and age predict."""


def two_loads(seed=1, titles=900, days=30, factor=25, by_rating=0.0):
    """Votes gained spread about size and age; the riser gains `factor` times its expectation.

    `by_rating`: how much the logarithm of what is gained rises a point of the rating then.
    """
    random = np.random.default_rng(seed)
    year = random.integers(1960, 2026, titles).astype(float)
    rating = np.clip(random.normal(6.3, 1, titles), 1, 10)
    votes = np.floor(np.exp(np.log(120) + random.exponential(1.8, titles)))
    votes[RISER], year[RISER] = 5_000.0, 2010.0
    expected = np.exp(-4.5 + 0.9 * np.log(votes) - 0.6 * np.log(2026 - year + 1))
    expected *= days / 30 * np.exp(by_rating * (rating - 6.3))
    gained = random.poisson(expected * np.exp(random.normal(0, 0.5, titles))).astype(float)
    gained[RISER] = np.ceil(factor * expected[RISER])
    popularity = np.exp(random.normal(0, 1, titles))
    later = popularity * np.exp(random.normal(0, 0.2, titles))
    later[RISER] = 9 * popularity[RISER]
    then = _load(NOW - timedelta(days=days), votes, rating, popularity, year)
    now = _load(NOW, votes + gained, rating, later, year)
    return Population(
        _titles(year, {name: now[name] for name in ("imdb_votes", "imdb_rating", "popularity")}),
        Credits(np.zeros(0, int), np.zeros(0, int), np.zeros(0, object)),
        Seasons(np.zeros(0, int), np.zeros(0), np.zeros(0), np.zeros(0, bool)),
        ("Crime", "War"),
        {},
        loads=(now, then),
    )


def _load(day, votes, rating, popularity, year):
    fetched = np.full(len(votes), float((day - date(1970, 1, 1)).days))
    ratings = {"imdb_rating": rating, "tmdb_rating": rating}
    figures = {"imdb_votes": votes, "popularity": popularity, "start_year": year, **ratings}
    gone = {} if day == NOW else {"movie": 3}
    return Load(day, figures | {"imdb_day": fetched, "fetched_at": fetched + 0.5}, gone)


def _titles(year, figures):
    n = len(year)
    unknown = {name: np.full(n, np.nan) for name in (*MEASURES, "tmdb_id")}
    return Titles(
        np.arange(1, n + 1),
        np.array([f"tt{number:07}" for number in range(n)], object),
        np.array([f"Title {number}" for number in range(n)], object),
        np.array(["series" if number % 4 == 3 else "movie" for number in range(n)], object),
        np.array([("Crime", "War", "Crime+War")[number % 3] for number in range(n)], object),
        {**unknown, "start_year": year, "decade": year // 10 * 10, **figures},
    )
