"""Context managers that open a lake's tables: the lease, a Spark session, one-line errors."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from pyspark.sql import SparkSession

from datalake.core.lake import require_lake
from datalake.core.lease import leased
from datalake.core.progress import Progress, silent
from datalake.core.settings import Settings
from datalake.questions.registry import TABLES
from datalake.spark.errors import translate_errors
from datalake.spark.relocation import moved_tables, relocate_tables
from datalake.spark.session import create_session, stop_session
from datalake.spark.tables import LEASE, Tables

_AT_ONCE = 3
"""How many tables of few rows are written at a time: planning each keeps one core busy."""


@contextmanager
def open_tables(
    settings: Settings,
    work: str,
    progress: Progress = silent,
    starting: AbstractContextManager[None] | None = None,
    few_rows: bool = False,
) -> Iterator[Tables]:
    """The lake's tables for writing, under its lease, for the block.

    What a dead run left to publish is published first, and a moved lake's tables are relocated.
    `LakeError` where there is no lake or another run has its tables. `work` says in the lease what
    this run does; Spark starts within `starting`, and compiles little for `few_rows`.
    """
    require_lake(settings.lake)
    with (
        leased(settings.lake.storage, LEASE, work) as lease,
        _session(settings, progress, starting, few_rows) as spark,
    ):
        relocate_tables(settings.lake)
        tables = Tables(spark, settings.lake, progress, lease, _AT_ONCE if few_rows else 1)
        tables.recover()
        yield tables


@contextmanager
def read_tables(
    settings: Settings,
    progress: Progress = silent,
    starting: AbstractContextManager[None] | None = None,
) -> Iterator[Tables]:
    """The lake's tables for reading, as they are now: no lease is taken and nothing is written.

    The exception is a moved lake: its tables are relocated first, as Spark can't map their paths.
    `LakeError` where there is no lake.
    """
    require_lake(settings.lake)
    if moved_tables(settings.lake):
        with leased(settings.lake.storage, LEASE, "relocate"):
            relocate_tables(settings.lake)
    with _session(settings, progress, starting) as spark:
        tables = Tables(spark, settings.lake, progress)
        tables.pin(TABLES)
        yield tables


@contextmanager
def _session(
    settings: Settings,
    progress: Progress,
    starting: AbstractContextManager[None] | None,
    few_rows: bool = False,
) -> Iterator[SparkSession]:
    """A session for the block, with Spark's errors in one line, from its start on."""
    with translate_errors(settings.lake):
        with starting or nullcontext():
            spark = create_session(settings, progress, few_rows)
        try:
            yield spark
        finally:
            stop_session(spark)
