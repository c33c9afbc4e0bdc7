"""What the files in jobs/ share on Glue: arguments, the job's start and commit, its cost.

The same file runs by `spark-submit` and as a Glue job. Glue passes arguments of its own
beside the job's; off Glue none of its runtime is used.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from datalake.core.errors import DatalakeError
from datalake.core.logs import JsonFormatter, log_figures, show_logs
from datalake.core.settings import Settings, ensure_home
from datalake.glue.arguments import parse_arguments
from datalake.glue.cost import cost_usd, describe_cost

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from datalake.spark.tables import Tables

_log = logging.getLogger(__name__)
_LAST_STEP = "report"  # of a run: what it logs of the lake becomes metrics on AWS


@contextmanager
def job(step: str) -> Iterator[Settings]:
    """The step's settings for the block, with its log as JSON lines; prints the cost at the end.

    An error in the block is one line and exit status 1; the log has the traceback of an
    unexpected one.
    """
    started, name = time.monotonic(), Path(sys.argv[0]).stem
    ensure_home()
    show_logs(JsonFormatter(step))
    try:
        settings, workers = parse_arguments(sys.argv[1:], step)
        yield settings
    except DatalakeError as error:
        sys.exit(f"datalake: {error}")
    except Exception as error:  # noqa: BLE001 - the last handler
        _log.critical("unexpected error", exc_info=True)
        sys.exit(
            f"datalake: {name} failed unexpectedly: {_first_line(error)}; the record above has the"
            " traceback: please report it with that"
        )
    seconds = time.monotonic() - started
    log_figures(_log, "done", seconds=round(seconds, 1), usd=cost_usd(seconds, workers) or 0)
    print(describe_cost(name, seconds, workers))


@contextmanager
def spark_job(step: str) -> Iterator[tuple["Tables", Settings]]:
    """The same with the lake's tables; nothing is published where the block fails."""
    with job(step) as settings, _open_in_job(step, settings) as tables:
        yield tables, settings


def run_step(step: str, build: Callable[["Tables", Settings], object]) -> None:
    """Run the step as a job, unless it is up to date."""
    with job(step) as settings:
        from datalake.pipeline.freshness import lake_figures
        from datalake.pipeline.status import read_status
        from datalake.pipeline.up_to_date import describe_inputs, is_up_to_date

        if not settings.force and is_up_to_date(step, settings):
            log_figures(_log, "up to date", built=describe_inputs(step, settings))
        else:
            with _open_in_job(step, settings) as tables:
                build(tables, settings)
        if step == _LAST_STEP:
            log_figures(_log, "lake", **lake_figures(read_status(settings.lake)))


@contextmanager
def _open_in_job(step: str, settings: Settings) -> Iterator["Tables"]:
    """The step's tables for the block, within the job that Glue is told of."""
    with _open(step, settings) as tables, _glue_job(tables.spark, sys.argv):
        yield tables


def _open(step: str, settings: Settings) -> AbstractContextManager["Tables"]:
    """The lake's tables: to read for the page's job, whose role may write none, else to write."""
    from datalake.spark.opening import open_tables, read_tables

    if step == "report":
        return read_tables(settings, log_progress)
    return open_tables(settings, Path(sys.argv[0]).stem, log_progress)


@contextmanager
def _glue_job(spark: "SparkSession", arguments: Sequence[str]) -> Iterator[None]:
    """Tell Glue that the job begins and, if the block succeeds, that it ended."""
    from datalake.spark.external_session import GLUE_JOB, has_class

    if not has_class(GLUE_JOB):
        yield
        return
    from awsglue.job import Job
    from awsglue.utils import getResolvedOptions

    options = getResolvedOptions(list(arguments), ["JOB_NAME"])
    job = Job(spark)
    job.init(options["JOB_NAME"], options)
    yield
    job.commit()


def log_progress(what: str, done: int, total: int, unit: str = "", /) -> None:
    """Log when work ends or, where its length is unknown, when it starts; nothing in between."""
    if done == total:
        log_figures(_log, what, done=done)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
