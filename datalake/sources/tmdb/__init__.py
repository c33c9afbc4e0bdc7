"""The TMDB API: a client for titles by IMDb id, and its responses as Trusted rows."""
