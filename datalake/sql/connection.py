"""A DuckDB connection with the lake's published tables, found through Iceberg's metadata."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import duckdb
from pyiceberg.io.fsspec import FsspecFileIO, FsspecInputFile
from pyiceberg.table import StaticTable

from datalake.core.damage import PARSING_ERRORS
from datalake.core.errors import LakeError, SettingsError
from datalake.core.intent import read_intent
from datalake.core.lake import Lake
from datalake.core.table_paths import (
    TablePaths,
    local_path,
    newest_metadata,
    read_metadata,
    table_paths,
)
from datalake.questions.registry import TABLES
from datalake.schemas import Column, Table
from datalake.sql.views import all_views

_TYPES = {"long": "BIGINT", "string": "VARCHAR"}
_LAYERS = ("refined", "answers", "trusted")
_FILE_IO = {"py-io-impl": "pyiceberg.io.fsspec.FsspecFileIO"}
_SETTINGS = (
    # DuckDB would download extensions on first use.
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET TimeZone = 'UTC'",
    *(f"CREATE SCHEMA {layer}" for layer in _LAYERS),
    f"SET search_path = '{','.join(_LAYERS)}'",
)


class _Snapshot(NamedTuple):
    """The published snapshot of a table: its columns, and the Parquet files of its rows."""

    columns: list[str]
    files: list[str]


class _LakeFileIO(FsspecFileIO):
    """Reads the lake's own files, also where metadata names the folder that it was moved from."""

    def __init__(self, paths: TablePaths) -> None:
        super().__init__({})
        self._paths = paths

    def new_input(self, location: str) -> FsspecInputFile:
        """The file, at its place in this lake."""
        return super().new_input(self._paths.map(location))


def connect(lake: Lake) -> duckdb.DuckDBPyConnection:
    """A connection with Trusted, Refined and Answers as schemas, and the views in Refined.

    Names need no schema. Views on tables that are not published yet are left out. `LakeError`
    where the lake has no table yet, or lacks files that Iceberg's metadata names.
    """
    if lake.root.startswith("s3://"):
        raise SettingsError(
            f"--lake {lake.root}: datalake sql reads a lake in a local folder; query this in Athena"
        )
    snapshots = {table: _published_snapshot(lake, table) for table in TABLES}
    published = {table: snapshot for table, snapshot in snapshots.items() if snapshot}
    if not published:
        raise LakeError(f"{lake.storage.url('')}: no tables yet; run: datalake run")
    return _connection(published)


def connect_empty() -> duckdb.DuckDBPyConnection:
    """A connection with the same tables and views, of the same names and types, without rows."""
    return _connection({table: _Snapshot([], []) for table in TABLES})


def _connection(snapshots: Mapping[Table, _Snapshot]) -> duckdb.DuckDBPyConnection:
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


def _published_snapshot(lake: Lake, table: Table) -> _Snapshot | None:
    """The published snapshot, as a pending intent says or metadata; None where there is none."""
    folder = f"{table.layer}/{table.name}"
    try:
        key = newest_metadata(lake, folder)
        if key is None:
            return None
        paths = table_paths(lake, folder, read_metadata(lake, key))
        iceberg = StaticTable.from_metadata(lake.storage.url(key), _FILE_IO)
        iceberg.io = _LakeFileIO(paths)
        snapshot_id = iceberg.metadata.current_snapshot_id
        if swap := read_intent(lake.storage).get(f"lake.{table.layer}.{table.name}"):
            snapshot_id = swap.published(snapshot_id)
        if snapshot_id is None:
            return None
        tasks = list(iceberg.scan(snapshot_id=snapshot_id).plan_files())
    except (OSError, LakeError, *PARSING_ERRORS) as error:
        raise _unreadable(table, str(error).partition("\n")[0]) from error
    if any(task.delete_files for task in tasks):
        raise _unreadable(table, "it has delete files, which datalake sql does not read")
    files = [local_path(paths.map(task.file.file_path)) for task in tasks]
    return _Snapshot([field.name for field in iceberg.schema().fields], files)


def _create_table(connection: duckdb.DuckDBPyConnection, table: Table, snapshot: _Snapshot) -> None:
    files = ", ".join(_literal(file) for file in snapshot.files)
    rows = f"FROM read_parquet([{files}], union_by_name = true)" if files else "WHERE false"
    select = f"SELECT {', '.join(_columns(table, snapshot))} {rows}"
    try:
        _create_view(connection, f"{table.layer.lower()}.{table.name}", select, table.grain)
    except duckdb.Error as error:
        raise _unreadable(table, str(error).splitlines()[0]) from error


def _create_view(
    connection: duckdb.DuckDBPyConnection, name: str, select: str, comment: str
) -> None:
    connection.execute(f"CREATE VIEW {name} AS {select}")
    connection.execute(f"COMMENT ON VIEW {name} IS {_literal(comment)}")


def _unreadable(table: Table, reason: object) -> LakeError:
    return LakeError(f"{table.layer}.{table.name}: can't read the table: {reason}")


def _literal(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _columns(table: Table, snapshot: _Snapshot) -> Iterator[str]:
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
