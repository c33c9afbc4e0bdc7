"""The two kinds of title."""

from enum import StrEnum


class Kind(StrEnum):
    """What a title is; the value stands in the tables."""

    MOVIE = "movie"
    SERIES = "series"

    @property
    def folder(self) -> str:
        """Its folder in Raw."""
        return {Kind.MOVIE: "Movies", Kind.SERIES: "Series"}[self]
