"""What a table is: a name in a layer, a grain, and typed, commented columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
"""One row of a table, its values by column name."""


@dataclass(frozen=True)
class Column:
    """A column: its name, its Spark SQL type, and what it means, with its unit."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True)
class Table:
    """A table of the lake; `grain` starts with «One row per»."""

    layer: str
    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partitioned_by: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order: what a transform ends in."""
        return tuple(column.name for column in self.columns)

    @property
    def ddl(self) -> str:
        """The columns as Spark SQL DDL, comments included."""
        return ", ".join(f"{c.name} {c.type} COMMENT {literal(c.comment)}" for c in self.columns)


def literal(text: str) -> str:
    """The text as a SQL string literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def columns(*rows: tuple[str, str, str]) -> tuple[Column, ...]:
    """Columns from (name, type, comment) rows."""
    return tuple(Column(*row) for row in rows)
