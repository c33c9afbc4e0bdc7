"""movies.csv and series.csv, the course's extracts of IMDb: one row per title × artist."""
