"""movies.csv and series.csv → Raw, as a job."""

from pathlib import Path

from datalake import glue
from datalake.glue.arguments import SOURCE
from datalake.sources.ingestion import ingest

if __name__ == "__main__":
    with glue.job("ingest_raw", SOURCE) as (settings, given):
        ingest(settings.lake, Path(given["source"]), settings.day, glue.tell)
