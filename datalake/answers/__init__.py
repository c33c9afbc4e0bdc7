"""Refined → one small table per business question; each function is pure and shares nothing."""

from datalake.answers.people import people
from datalake.answers.popularity_cost import popularity_cost
from datalake.answers.ratings import ratings
from datalake.answers.trends import trends

__all__ = ["people", "popularity_cost", "ratings", "trends"]
