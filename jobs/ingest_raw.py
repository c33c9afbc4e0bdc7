"""movies.csv and series.csv → Raw, as a job."""

from datetime import UTC, datetime
from pathlib import Path

from datalake import glue
from datalake.glue.arguments import SOURCE
from datalake.raw.ingest import ingest

if __name__ == "__main__":
    with glue.job("ingest_raw", SOURCE) as (settings, given):
        day = settings.day or datetime.now(UTC).date()
        ingest(settings.lake, Path(given["source"]), day, glue.tell)
