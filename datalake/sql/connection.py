"""A DuckDB connection with the lake's published tables, found through Iceberg's metadata."""

from collections.abc import Iterator, Mapping

import duckdb

from datalake.core.errors import LakeError
from datalake.core.lake import Lake, require_lake
from datalake.questions.registry import TABLES
from datalake.schemas import Column, Table
from datalake.sql.snapshots import Snapshot, published_snapshot, require_folder, unreadable
from datalake.sql.views import all_views

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
    require_lake(lake)
    snapshots = {table: published_snapshot(lake, table) for table in TABLES}
    published = {table: snapshot for table, snapshot in snapshots.items() if snapshot}
    if not published:
        raise LakeError(f"{lake.storage.url('')}: no tables yet; run: datalake run")
    return _connection(published)


def connect_empty() -> duckdb.DuckDBPyConnection:
    """A connection with the same tables and views, of the same names and types, without rows."""
    return _connection({table: Snapshot([], []) for table in TABLES})


def _connection(snapshots: Mapping[Table, Snapshot]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for setting in _SETTINGS:
        connection.execute(setting)
    for table, snapshot in snapshots.items():
        _create_table(connection, table, snapshot)
    available = {table.name for table in snapshots}
    for view in all_views():
        if view.dependencies <= available:
            select = view.select_statement("duckdb")
            _create_view(connection, f"refined.{view.name}", select, view.question)
            available.add(view.name)
    return connection


def _create_table(connection: duckdb.DuckDBPyConnection, table: Table, snapshot: Snapshot) -> None:
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
    """The snapshot's columns, and as null those that it lacks: of a table of an older version."""
    present = snapshot.columns if snapshot.files else []
    yield from (f'"{name}"' for name in present)
    for column in table.columns:
        if column.name not in present:
            yield f'NULL::{_duckdb_type(column)} AS "{column.name}"'


def _duckdb_type(column: Column) -> str:
    outer, _, inner = column.type.partition("<")
    if outer == "array":
        return f"{_TYPES.get(inner[:-1], inner[:-1])}[]"
    if outer == "map":
        return "MAP(VARCHAR, BIGINT)"
    return _TYPES.get(outer, outer)
