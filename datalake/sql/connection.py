"""A DuckDB that sees the lake's published tables, found through Iceberg's metadata."""

import duckdb
from pyiceberg.table import StaticTable

from datalake.base.errors import LakeError, SettingsError
from datalake.base.lake import Lake
from datalake.schemas import REFINED, TABLES, Column, Table
from datalake.sql.views import views

_TYPES = {"long": "BIGINT", "string": "VARCHAR"}
_LAYERS = ("refined", "answers", "trusted")
_FILE_IO = {"py-io-impl": "pyiceberg.io.fsspec.FsspecFileIO"}
# What nobody asked for is not fetched from anywhere, and a query can't change that.
_SETTINGS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET TimeZone = 'UTC'",
    *(f"CREATE SCHEMA {layer}" for layer in _LAYERS),
    f"SET search_path = '{','.join(_LAYERS)}'",
)


def connect(lake: Lake) -> duckdb.DuckDBPyConnection:
    """Trusted, Refined and Answers as schemas, the views among Refined; names need no schema.

    `LakeError` where the lake has no table yet.
    """
    if lake.root.startswith("s3://"):
        raise SettingsError(
            f"--lake {lake.root}: datalake sql reads a lake in a local folder; query this in Athena"
        )
    connection, published = _open(), set()
    for table in TABLES:
        files = data_files(lake, table)
        if files is not None:
            _show(connection, table, files)
            published.add(table.name)
    if not published:
        raise LakeError(f"{lake.storage.url('')}: no tables yet; run: datalake run")
    if {table.name for table in REFINED} <= published:
        _show_views(connection)
    return connection


def empty() -> duckdb.DuckDBPyConnection:
    """The same tables and views with no rows: what they are called and of what type they are."""
    connection = _open()
    for table in TABLES:
        _show(connection, table, [])
    _show_views(connection)
    return connection


def _open() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


def _show_views(connection: duckdb.DuckDBPyConnection) -> None:
    for view in views():
        _create(connection, f"refined.{view.name}", view.select("duckdb"), view.question)


def _show(connection: duckdb.DuckDBPyConnection, table: Table, files: list[str]) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    found = f"SELECT {columns} FROM read_parquet({files})"  # noqa: S608 - our own names
    source = found if files else _nothing(table)
    _create(connection, f"{table.layer.lower()}.{table.name}", source, table.grain)


def _create(connection: duckdb.DuckDBPyConnection, name: str, select: str, says: str) -> None:
    connection.execute(f"CREATE VIEW {name} AS {select}")
    comment = says.replace("'", "''")
    connection.execute(f"COMMENT ON VIEW {name} IS '{comment}'")


def data_files(lake: Lake, table: Table) -> list[str] | None:
    """The Parquet files of the current snapshot; null where the table wasn't published."""
    folder = f"{table.layer}/{table.name}/metadata"
    if f"{folder}/version-hint.text" not in lake.storage.list(folder):
        return None
    with lake.storage.open(f"{folder}/version-hint.text") as hint:
        version = hint.read().decode().strip()
    metadata = lake.storage.url(f"{folder}/v{version}.metadata.json")
    iceberg = StaticTable.from_metadata(metadata, _FILE_IO)
    if iceberg.current_snapshot() is None:
        return None
    return [task.file.file_path.removeprefix("file:") for task in iceberg.scan().plan_files()]


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
