"""What TMDB calls the kinds of title, and how asking for a title can end."""

from enum import StrEnum

from datalake.schemas.kinds import Kind

MEDIA_TYPE = {Kind.MOVIE: "movie", Kind.SERIES: "tv"}


class Outcome(StrEnum):
    """How asking for a title ended."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    OTHER_KIND = "other_kind"  # TMDB has the film as a series, or the series as a film
    FAILED = "failed"
    PENDING = "pending"  # no response is kept; the title is due
