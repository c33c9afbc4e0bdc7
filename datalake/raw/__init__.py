"""Sources → Raw: ingestion of files, and enrichment from TMDB. No Spark here."""
