"""Delete old snapshots, orphans, source files, TMDB's responses and figures, as a job on Glue."""

from datalake import glue
from datalake.enrichment.due import KEEP
from datalake.enrichment.retention import purge
from datalake.pipeline.source_retention import KEEP_SOURCES, purge_source_files
from datalake.spark.loads import forget_tmdb
from datalake.spark.maintenance import maintain

if __name__ == "__main__":
    with glue.spark_job("maintain") as (tables, settings):
        forget_tmdb(tables)
        maintain(tables, keep_days=14, keep=1)
        purge(settings.lake, KEEP)
        purge_source_files(settings.lake, KEEP_SOURCES)
