"""What tells a made-up sample from anybody's data."""

MADE_UP = "MADE-UP.txt"
"""A file beside source files that are made up: the lake remembers it, and the page says so."""
