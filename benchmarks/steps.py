"""Run one step of `datalake` in a process of its own: python steps.py STEP LAKE [SOURCE]."""

import json
import sys
from datetime import date
from pathlib import Path

from datalake.core.settings import Settings, load_settings
from datalake.schemas.kinds import Kind

# Each step imports only what it needs, as the command line does.


def jars(run: Settings, _: Path) -> None:
    """Fetch Iceberg's jar: its download is no part of what is measured."""
    from datalake.core.progress import silent
    from datalake.spark.catalog import required_jars
    from datalake.spark.jars import fetch_jars

    fetch_jars(required_jars(run.lake), Path(run.jar_cache), run.maven_mirror, silent)


def ingest(run: Settings, source: Path) -> None:
    """Put both files into Raw."""
    from datalake.sources.ingestion import ingest

    ingest(run.lake, source, run.day or date.today())


def ids(run: Settings, _: Path) -> None:
    """Stream the ids in scope of movies.csv; only their number is kept."""
    from datalake.sources.imdb_csv.scope import ids_in_scope

    print(sum(1 for _ in ids_in_scope(run.lake, Kind.MOVIE, run.genres)))


def build(run: Settings, _: Path) -> None:
    """Build Trusted and Refined in one session; the last line printed is what Spark cost."""
    from spark_costs import spark_costs

    from datalake.pipeline.refined import build_refined
    from datalake.pipeline.trusted import build_trusted
    from datalake.spark.session import create_session
    from datalake.spark.tables import Tables

    spark = create_session(run)
    tables = Tables(spark, run.lake)
    build_trusted(tables, run)
    build_refined(tables, run)
    print(json.dumps(spark_costs(spark)))
    spark.stop()


if __name__ == "__main__":
    name, lake, *source = sys.argv[1:]
    steps = {step.__name__: step for step in (jars, ingest, ids, build)}
    steps[name](load_settings(lake, memory="4g"), Path(*source))
