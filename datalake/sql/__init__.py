"""SQL over the lake without Spark: DuckDB over Iceberg's metadata, and the views of `sql/`."""
