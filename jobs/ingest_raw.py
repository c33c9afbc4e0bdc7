"""A source's files → Raw, as a job; from IMDb's own address, too."""

from datalake import glue
from datalake.sources.ingestion import ingest
from datalake.sources.source_folder import local_folder

if __name__ == "__main__":
    with (
        glue.job("ingest") as settings,
        local_folder(settings.source_folder, settings.lake.aws, glue.log_progress) as folder,
    ):
        lake, day, force = settings.lake, settings.day, settings.force
        ingest(lake, folder, day, glue.log_progress, settings.format, force=force)
