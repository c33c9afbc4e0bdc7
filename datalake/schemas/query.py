"""SQL on the published tables, on whichever engine is there.

The SQL is what Spark and DuckDB have in common. Tables are in braces: `from {dim_title}`.
"""

from collections.abc import Callable, Sequence
from string import Formatter
from typing import Any, NamedTuple

from datalake.schemas.table import Row


class Result(NamedTuple):
    """A query's rows, and the names of their columns."""

    names: Sequence[str]
    rows: Sequence[tuple[Any, ...]]

    def as_dicts(self) -> list[Row]:
        """The rows, their values by column name."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


Query = Callable[[str], Result]
"""Runs such SQL; `LakeError` where a table is not published."""


def tables_in(sql: str) -> list[str]:
    """The names of the tables in braces, each once."""
    return list(dict.fromkeys(name for _, name, *_ in Formatter().parse(sql) if name))
