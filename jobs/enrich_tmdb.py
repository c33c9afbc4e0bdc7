"""TMDB's responses on the titles in scope → Raw, as a job."""

from datalake import glue
from datalake.pipeline.enrich import enrich_lake

if __name__ == "__main__":
    with glue.job("enrich") as settings:
        enrich_lake(settings, glue.log_progress)
