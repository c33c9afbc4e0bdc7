"""A made-up sample with known answers, and a local TMDB server for it."""
