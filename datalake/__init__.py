"""A film and series data lake: IMDb files and the TMDB API in, answered questions out."""

__version__ = "0.1.0"
