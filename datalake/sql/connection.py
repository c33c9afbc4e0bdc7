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
    connection = duckdb.connect()
    for setting in _SETTINGS:
        connection.execute(setting)
    published = {table.name for table in TABLES if _show(connection, lake, table)}
    if not published:
        raise LakeError(f"{lake.storage.url('')}: no tables yet; run: datalake run")
    if {table.name for table in REFINED} <= published:
        for view in views():
            select = view.select("duckdb")
            connection.execute(f"CREATE VIEW refined.{view.name} AS {select}")
            comment = view.question.replace("'", "''")
            connection.execute(f"COMMENT ON VIEW refined.{view.name} IS '{comment}'")
    return connection


def _show(connection: duckdb.DuckDBPyConnection, lake: Lake, table: Table) -> bool:
    """Make the table known, if it was published."""
    schema = table.layer.lower()
    files = data_files(lake, table)
    if files is None:
        return False
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    source = f"SELECT {columns} FROM read_parquet({files})" if files else _nothing(table)
    connection.execute(f"CREATE VIEW {schema}.{table.name} AS {source}")
    comment = table.grain.replace("'", "''")
    connection.execute(f"COMMENT ON VIEW {schema}.{table.name} IS '{comment}'")
    return True


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
