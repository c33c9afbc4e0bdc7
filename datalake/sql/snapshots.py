"""What is published of each table: the Parquet files that Iceberg's metadata names as current."""

from typing import NamedTuple

from pyiceberg.io.fsspec import FsspecFileIO, FsspecInputFile
from pyiceberg.table import StaticTable

from datalake.core.damage import PARSING_ERRORS
from datalake.core.errors import LakeError, SettingsError
from datalake.core.intent import read_intent
from datalake.core.lake import Lake, require_lake
from datalake.core.table_paths import (
    TablePaths,
    local_path,
    newest_metadata,
    read_metadata,
    table_paths,
)
from datalake.questions.registry import find_table
from datalake.schemas import Table

_FILE_IO = {"py-io-impl": "pyiceberg.io.fsspec.FsspecFileIO"}


class Snapshot(NamedTuple):
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


def table_files(place: str, name: str) -> list[str]:
    """The Parquet files of a table's published rows, for Polars, DuckDB or whatever reads Parquet.

    `place` is a lake in a folder, `name` a table such as `Refined.dim_title`. The files are those
    of now: the next run replaces some, and upkeep deletes them later. `LakeError` where there is no
    such lake or table.
    """
    lake = require_folder(require_lake(Lake(place)))
    table = find_table(name)
    snapshot = published_snapshot(lake, table)
    if snapshot is None:
        raise LakeError(f"{lake.storage.url('')}: {table.layer}.{table.name} is not published yet")
    return snapshot.files


def require_folder(lake: Lake) -> Lake:
    """The lake itself; `SettingsError` where it lies on S3, where Athena reads the tables."""
    if lake.on_s3:
        raise SettingsError(
            f"--lake {lake.root}: this reads a lake in a local folder; query this one in Athena"
        )
    return lake


def published_snapshot(lake: Lake, table: Table) -> Snapshot | None:
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
        if swap := read_intent(lake.storage).get(lake.table_name(table.layer, table.name)):
            snapshot_id = swap.published(snapshot_id)
        if snapshot_id is None:
            return None
        tasks = list(iceberg.scan(snapshot_id=snapshot_id).plan_files())
    except (OSError, LakeError, *PARSING_ERRORS) as error:
        raise unreadable(table, str(error).partition("\n")[0]) from error
    if any(task.delete_files for task in tasks):
        raise unreadable(table, "it has delete files, which datalake sql does not read")
    files = [local_path(paths.map(task.file.file_path)) for task in tasks]
    return Snapshot([field.name for field in iceberg.schema().fields], files)


def unreadable(table: Table, reason: object) -> LakeError:
    """The error that a published table can't be read."""
    return LakeError(f"{table.layer}.{table.name}: can't read the table: {reason}")
