"""Enrichment: which titles are due, requests to TMDB, and its responses in Raw. No Spark here."""
