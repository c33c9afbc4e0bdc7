"""SQL on the lake without Spark: DuckDB over Iceberg's metadata, and views in Athena's SQL."""
