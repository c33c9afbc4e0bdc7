"""A lake opened for reading: its published tables as DataFrames, in a notebook or a program."""

import atexit
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from datalake.core.lake import Lake
from datalake.core.settings import load_settings
from datalake.questions.registry import TABLES, find_table
from datalake.schemas.query import Result
from datalake.spark.opening import read_tables


def open_lake(place: str, **options: Any) -> "OpenLake":
    """The lake at `place`, a folder or `s3://bucket/prefix`, opened for reading.

    It uses the Spark that runs already, such as a notebook's on Glue or EMR, else it starts one
    on this machine. `options` are those of the command line, such as `memory="2g"`, by their
    Python names. `LakeError` where there is no lake.
    """
    return OpenLake(place, **options)


class OpenLake:
    """A lake's published tables in a Spark session; a context manager that closes it."""

    def __init__(self, place: str, **options: Any) -> None:
        settings = load_settings(place, **options)
        self.lake: Lake = settings.lake
        self._stack = ExitStack()
        self._tables = self._stack.enter_context(read_tables(settings))
        # Left to the interpreter's end, Spark would wait for a thread that has ended before.
        atexit.register(self.close)

    @property
    def spark(self) -> SparkSession:
        """The session that the DataFrames belong to."""
        return self._tables.spark

    def tables(self) -> list[str]:
        """The names of the published tables, such as `Refined.dim_title`."""
        return [f"{table.layer}.{table.name}" for table in TABLES if self._tables.has(table)]

    def read(self, name: str) -> DataFrame:
        """The published rows of a table; `LakeError` for an unknown or unpublished one."""
        return self._tables.read(find_table(name))

    def query(self, sql: str) -> Result:
        """The rows of SQL with tables in braces, such as `from {dim_title}`; for small results."""
        return self._tables.query(sql)

    def close(self) -> None:
        """Close the session, and stop Spark where this lake started it."""
        atexit.unregister(self.close)
        self._stack.close()

    def __enter__(self) -> "OpenLake":
        """The lake itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the lake; Spark's errors become a one-line `LakeError`."""
        atexit.unregister(self.close)
        self._stack.__exit__(kind, error, trace)
