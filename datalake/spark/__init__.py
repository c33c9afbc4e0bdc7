"""The Spark session, its jars, and Iceberg tables."""
