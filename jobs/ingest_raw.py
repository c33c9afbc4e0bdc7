"""movies.csv and series.csv → Raw, as a job."""

from datalake import glue
from datalake.sources.ingestion import ingest

if __name__ == "__main__":
    with glue.job("ingest") as settings:
        ingest(settings.lake, settings.source_folder, settings.day, glue.log_progress)
