"""All that is Glue's, for the files in jobs/: arguments, the job's start and end, its price.

The same file runs by `spark-submit` and as a Glue job. Glue gives its jobs arguments of its own
beside ours; where its runtime isn't there, nothing of it is asked for.
"""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from datalake.core.errors import DatalakeError
from datalake.core.settings import Settings, lake_at, load_settings
from datalake.glue.arguments import COMMON, Option, arguments
from datalake.glue.cost import estimate

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from datalake.spark.tables import Tables

Given = Mapping[str, Any]


@contextmanager
def job(name: str, *options: Option) -> Iterator[tuple[Settings, Given]]:
    """Settings and arguments for the block, and in the end what it cost.

    An error of ours in the block is one line and exit status 1.
    """
    began = time.monotonic()
    try:
        given = arguments(sys.argv[1:], (*COMMON, *options))
        yield _settings(given), given
    except DatalakeError as error:
        sys.exit(f"datalake: {error}")
    seconds = time.monotonic() - began
    workers = given["worker_type"], given["workers"]
    print(estimate(name, seconds, *workers, given["dpu_hour_price"]))


@contextmanager
def spark_job(name: str, *options: Option) -> Iterator[tuple["Tables", Settings, Given]]:
    """The same with the lake's tables; nothing is published where the block fails."""
    with job(name, *options) as (settings, given):
        from datalake.spark.tables import open_tables

        with open_tables(settings, name, tell) as tables, _committed(tables.spark, sys.argv):
            yield tables, settings, given


def _settings(given: Given) -> Settings:
    others = {name: given[name] for name in ("max_bad_share", "tmdb_url") if name in given}
    lake = lake_at(given["lake"], given["database_prefix"], given["region"])
    return load_settings(lake, given["genres"], given["day"], **others)


@contextmanager
def _committed(spark: "SparkSession", words: Sequence[str]) -> Iterator[None]:
    """Tell Glue that the job begins and, if the block succeeds, that it ended."""
    from datalake.spark.external_session import GLUE_JOB, has_class

    if not has_class(GLUE_JOB):
        yield
        return
    from awsglue.job import Job
    from awsglue.utils import getResolvedOptions

    given = getResolvedOptions(list(words), ["JOB_NAME"])
    job = Job(spark)
    job.init(given["JOB_NAME"], given)
    yield
    job.commit()


def tell(what: str, done: int, total: int) -> None:
    """Progress as lines of the log, for those who read it later: starts and ends only."""
    if done == total:
        print(f"  {what}", file=sys.stderr)
