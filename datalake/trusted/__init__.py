"""Raw → Trusted: cleaned, typed, each source in tables of its own."""
