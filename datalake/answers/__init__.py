"""Refined → one small table per business question, computed on arrays that are fetched once."""

from datalake.answers.fetching import population
from datalake.answers.people import people
from datalake.answers.popularity_cost import popularity_cost
from datalake.answers.population import Population
from datalake.answers.ratings import ratings
from datalake.answers.sensitivity import sensitivity
from datalake.answers.trends import trends

__all__ = [
    "Population",
    "people",
    "popularity_cost",
    "population",
    "ratings",
    "sensitivity",
    "trends",
]
