"""Which titles are due, asking TMDB for them, and keeping its responses in Raw. No Spark here."""
