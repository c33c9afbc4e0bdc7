"""A DuckDB connection with the lake's published tables, found through Iceberg's metadata."""

from collections.abc import Iterator, Mapping

import duckdb

from datalake.core.errors import LakeError
from datalake.core.lake import Lake, require_lake
from datalake.questions.registry import TABLES
from datalake.schemas import Column, Table
from datalake.sql.snapshots import (
    Snapshot,
    local_snapshot,
    published_tables,
    require_folder,
    unreadable,
)

_TYPES = {"long": "BIGINT", "string": "VARCHAR"}
_LAYERS = ("refined", "answers", "trusted")
_SETTINGS = (
    # DuckDB would download extensions on first use.
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET TimeZone = 'UTC'",
    *(f"CREATE SCHEMA {layer}" for layer in _LAYERS),
    f"SET search_path = '{','.join(_LAYERS)}'",
)


def connect(lake: Lake) -> duckdb.DuckDBPyConnection:
    """A connection with Trusted, Refined and Answers as schemas, and the views in Refined.

    Names need no schema. Views on tables that are not published yet are left out. `LakeError`
    where the lake has no table yet, or lacks files that Iceberg's metadata names.
    """
    require_folder(lake)
    published = published_tables(lake, TABLES)
    if not published:
        require_lake(lake)
        raise LakeError(f"{lake.storage.url('')}: no tables yet; run: datalake run")
    return _connection(
        {table: local_snapshot(lake, table, metadata) for table, metadata in published.items()}
    )


def connect_empty() -> duckdb.DuckDBPyConnection:
    """A connection with the same tables and views, of the same names and types, without rows."""
    return _connection({table: Snapshot([], []) for table in TABLES})


def _connection(snapshots: Mapping[Table, Snapshot]) -> duckdb.DuckDBPyConnection:
    from datalake.sql.views import all_views  # sqlglot, which the page doesn't wait for

    connection = new_connection()
    for table, snapshot in snapshots.items():
        create_table(connection, table, snapshot)
    available = {table.name for table in snapshots}
    for view in all_views():
        if view.dependencies <= available:
            select = view.select_statement("duckdb")
            _create_view(connection, f"refined.{view.name}", select, view.question)
            available.add(view.name)
    return connection


def new_connection() -> duckdb.DuckDBPyConnection:
    """A connection with the layers as empty schemas."""
    connection = duckdb.connect()
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


def create_table(connection: duckdb.DuckDBPyConnection, table: Table, snapshot: Snapshot) -> None:
    """A view of the table's name on the snapshot's files."""
    files = ", ".join(_literal(file) for file in snapshot.files)
    rows = f"FROM read_parquet([{files}], union_by_name = true)" if files else "WHERE false"
    select = f"SELECT {', '.join(_columns(table, snapshot))} {rows}"
    try:
        _create_view(connection, f"{table.layer.lower()}.{table.name}", select, table.grain)
    except duckdb.Error as error:
        raise unreadable(table, str(error).splitlines()[0]) from error


def _create_view(
    connection: duckdb.DuckDBPyConnection, name: str, select: str, comment: str
) -> None:
    connection.execute(f"CREATE VIEW {name} AS {select}")
    connection.execute(f"COMMENT ON VIEW {name} IS {_literal(comment)}")


def _literal(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _columns(table: Table, snapshot: Snapshot) -> Iterator[str]:
    """The snapshot's columns, and null for those that a table of an older version lacks."""
    present = snapshot.columns if snapshot.files else []
    yield from (f'"{name}"' for name in present)
    for column in table.columns:
        if column.name not in present:
            yield f'NULL::{duckdb_type(column)} AS "{column.name}"'


def duckdb_type(column: Column) -> str:
    """What DuckDB calls the column's type."""
    outer, _, inner = column.type.partition("<")
    if outer == "array":
        return f"{_TYPES.get(inner[:-1], inner[:-1])}[]"
    if outer == "map":
        return "MAP(VARCHAR, BIGINT)"
    return _TYPES.get(outer, outer)
