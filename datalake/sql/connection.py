"""A DuckDB that sees the lake's published tables, found through Iceberg's metadata."""

from typing import NamedTuple

import duckdb
from pyiceberg.table import StaticTable

from datalake.core.errors import LakeError, SettingsError
from datalake.core.lake import Lake
from datalake.schemas import REFINED, TABLES, Column, Table
from datalake.sql.views import views

_TYPES = {"long": "BIGINT", "string": "VARCHAR"}
_LAYERS = ("refined", "answers", "trusted")
_FILE_IO = {"py-io-impl": "pyiceberg.io.fsspec.FsspecFileIO"}
_SETTINGS = (
    # What nobody asked for is not fetched from anywhere.
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET TimeZone = 'UTC'",
    *(f"CREATE SCHEMA {layer}" for layer in _LAYERS),
    f"SET search_path = '{','.join(_LAYERS)}'",
)


class _Published(NamedTuple):
    """The current snapshot of a table: its columns, and the Parquet files of its rows."""

    columns: list[str]
    files: list[str]


def connect(lake: Lake) -> duckdb.DuckDBPyConnection:
    """Trusted, Refined and Answers as schemas, the views among Refined; names need no schema.

    `LakeError` where the lake has no table yet, or files that Iceberg names are not there.
    """
    if lake.root.startswith("s3://"):
        raise SettingsError(
            f"--lake {lake.root}: datalake sql reads a lake in a local folder; query this in Athena"
        )
    connection, found = _open(), set()
    for table in TABLES:
        published = _published(lake, table)
        if published:
            _show(connection, table, published)
            found.add(table)
    if not found:
        raise LakeError(f"{lake.storage.url('')}: no tables yet; run: datalake run")
    if set(REFINED) <= found:
        _show_views(connection)
    return connection


def empty() -> duckdb.DuckDBPyConnection:
    """The same tables and views with no rows: what they are called and of what type they are."""
    connection = _open()
    for table in TABLES:
        _show(connection, table, _Published([], []))
    _show_views(connection)
    return connection


def _open() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


def _published(lake: Lake, table: Table) -> _Published | None:
    """What the table's metadata says; null where it wasn't published."""
    folder = f"{table.layer}/{table.name}/metadata"
    if f"{folder}/version-hint.text" not in lake.storage.list(folder):
        return None
    with lake.storage.open(f"{folder}/version-hint.text") as hint:
        version = hint.read().decode().strip()
    metadata = lake.storage.url(f"{folder}/v{version}.metadata.json")
    try:
        iceberg = StaticTable.from_metadata(metadata, _FILE_IO)
        if iceberg.current_snapshot() is None:
            return None
        tasks = list(iceberg.scan().plan_files())
    except OSError as error:
        raise LakeError(f"{metadata}: can't read the table: {error}") from error
    if any(task.delete_files for task in tasks):
        raise LakeError(f"{metadata}: has delete files, which datalake sql doesn't read")
    files = [task.file.file_path.removeprefix("file:") for task in tasks]
    return _Published([field.name for field in iceberg.schema().fields], files)


def _show(connection: duckdb.DuckDBPyConnection, table: Table, published: _Published) -> None:
    columns = ", ".join(f'"{name}"' for name in published.columns)
    files = ", ".join(_literal(file) for file in published.files)
    rows = f"read_parquet([{files}], union_by_name = true)"
    source = f"SELECT {columns} FROM {rows}" if published.files else _nothing(table)  # noqa: S608
    try:
        _create(connection, f"{table.layer.lower()}.{table.name}", source, table.grain)
    except duckdb.Error as error:
        told = str(error).splitlines()[0]
        raise LakeError(f"{table.layer}.{table.name}: can't read the table: {told}") from error


def _show_views(connection: duckdb.DuckDBPyConnection) -> None:
    for view in views():
        _create(connection, f"refined.{view.name}", view.select("duckdb"), view.question)


def _create(connection: duckdb.DuckDBPyConnection, name: str, select: str, says: str) -> None:
    connection.execute(f"CREATE VIEW {name} AS {select}")
    connection.execute(f"COMMENT ON VIEW {name} IS {_literal(says)}")


def _literal(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _nothing(table: Table) -> str:
    columns = ", ".join(f'NULL::{_duck_type(c)} AS "{c.name}"' for c in table.columns)
    return f"SELECT {columns} WHERE false"


def _duck_type(column: Column) -> str:
    kind, _, inner = column.type.partition("<")
    if kind == "array":
        return f"{_TYPES.get(inner[:-1], inner[:-1])}[]"
    if kind == "map":
        return "MAP(VARCHAR, BIGINT)"
    return _TYPES.get(kind, kind)
