"""The lake's tables for a while: the lease, a Spark, clear errors, and all of it let go."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from datalake.core.lease import leased
from datalake.core.progress import Progress, silent
from datalake.core.settings import Settings
from datalake.spark.errors import translate_errors
from datalake.spark.session import session, stop
from datalake.spark.tables import LEASE, Tables


@contextmanager
def open_tables(
    settings: Settings,
    work: str,
    progress: Progress = silent,
    starting: AbstractContextManager[None] | None = None,
) -> Iterator[Tables]:
    """The tables, ours alone, for the block; `LakeError` where another run has them.

    `work` tells others what we are at; Spark starts within `starting`.
    """
    with leased(settings.lake.storage, LEASE, work) as lease:
        with starting or nullcontext():
            spark = session(settings, progress)
        try:
            with translate_errors(settings.lake):
                yield Tables(spark, settings.lake, progress, lease)
        finally:
            stop(spark)
