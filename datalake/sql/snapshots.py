"""The published snapshots of a lake's tables: which rows readers see, and the files they lie in."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple

from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile
from pyiceberg.manifest import ManifestContent
from pyiceberg.table.metadata import TableMetadataUtil

from datalake.core.damage import PARSING_ERRORS
from datalake.core.errors import LakeError, SettingsError
from datalake.core.lake import Lake, require_lake
from datalake.core.table_paths import TablePaths, local_path, table_paths
from datalake.questions.registry import find_table
from datalake.schemas import VERSION, VERSION_PROPERTY, Table
from datalake.sql.table_metadata import Metadata, current_snapshot, read_metadata


class Snapshot(NamedTuple):
    """A snapshot of a table: the names of its columns, and the Parquet files of its rows.

    The files are keys in the lake's storage.
    """

    columns: list[str]
    files: list[str]


def table_files(place: str, name: str) -> list[str]:
    """The Parquet files of a table's published rows, for Polars, DuckDB or whatever reads Parquet.

    `place` is a lake in a folder, `name` a table such as `Refined.dim_title`. The files are those
    of now: the next run replaces some, and upkeep deletes them later. `LakeError` where there is no
    such lake or table.
    """
    lake = require_folder(require_lake(Lake(place)))
    table = find_table(name)
    published = published_tables(lake, [table])
    if not published:
        raise LakeError(f"{lake.storage.url('')}: {table.layer}.{table.name} is not published yet")
    return local_snapshot(lake, table, published[table]).files


def require_folder(lake: Lake) -> Lake:
    """The lake itself; `SettingsError` where it lies on S3, where Athena reads the tables."""
    if lake.on_s3:
        raise SettingsError(
            f"--lake {lake.root}: this reads a lake in a local folder; query this one in Athena"
        )
    return lake


def local_snapshot(lake: Lake, table: Table, metadata: Metadata) -> Snapshot:
    """The snapshot of a table in a folder, its files by their paths."""
    snapshot = read_snapshot(lake, table, metadata)
    return snapshot._replace(files=[lake.storage.url(key) for key in snapshot.files])


def published_tables(lake: Lake, tables: Iterable[Table]) -> dict[Table, Metadata]:
    """Each published table's metadata, all of one moment."""
    tables = tuple(tables)
    previous, current = None, read_metadata(lake, tables)
    while current != previous:  # a run was publishing while they were read
        previous, current = current, read_metadata(lake, tables)
    return {table: metadata for table, metadata in current.items() if current_snapshot(metadata)}


def read_snapshot(lake: Lake, table: Table, metadata: Metadata) -> Snapshot:
    """The published snapshot; `LakeError` where its metadata or manifests can't be read."""
    try:
        paths = table_paths(lake, f"{table.layer}/{table.name}", metadata)
        io = _LakeFileIO(lake, paths)
        iceberg = TableMetadataUtil.parse_obj(metadata)
        snapshot = iceberg.snapshot_by_id(metadata["current-snapshot-id"])
        manifests = snapshot.manifests(io) if snapshot else []
        entries = [entry for manifest in manifests for entry in manifest.fetch_manifest_entry(io)]
    except (OSError, LakeError, *PARSING_ERRORS) as error:
        raise unreadable(table, str(error).partition("\n")[0]) from error
    if any(manifest.content == ManifestContent.DELETES for manifest in manifests):
        raise unreadable(table, "it has delete files, which are not read here")
    files = [io.key(entry.data_file.file_path) for entry in entries]
    return Snapshot([field.name for field in iceberg.schema().fields], files)


def unreadable(table: Table, reason: object) -> LakeError:
    """The error of a table that can't be read for that reason."""
    return LakeError(f"{table.layer}.{table.name}: can't read the table: {reason}")


def require_version(lake: Lake, table: Table, metadata: Metadata) -> None:
    """`LakeError` where the table is of a newer version, or lacks columns of this one."""
    place, title = lake.storage.url(""), f"{table.layer}.{table.name}"
    version = int(metadata.get("properties", {}).get(VERSION_PROPERTY) or 0)
    if version > VERSION:
        raise LakeError(
            f"{place}: {title} is of schema version {version}, this datalake knows up to {VERSION};"
            " install the newer datalake"
        )
    present = {field.name for field in TableMetadataUtil.parse_obj(metadata).schema().fields}
    if missing := [name for name in table.names if name not in present]:
        raise LakeError(
            f"{place}: {title} is of an older version and lacks {', '.join(missing)};"
            f" run: datalake {table.layer.lower()}"
        )


class _LakeFileIO(FileIO):
    """Reads the lake's own files, also where metadata names the folder that it was moved from."""

    def __init__(self, lake: Lake, paths: TablePaths) -> None:
        super().__init__({})
        self._lake, self._paths = lake, paths

    def key(self, location: str) -> str:
        """The file's key in the lake's storage."""
        mapped = self._paths.map(location)
        path = mapped if self._lake.on_s3 else local_path(mapped)
        return path.removeprefix(self._paths.root).lstrip("/")

    def new_input(self, location: str) -> InputFile:
        """The file, at its place in this lake."""
        with self._lake.storage.open(self.key(location)) as file:
            return _InMemory(location, file.read())

    def new_output(self, location: str) -> OutputFile:
        """Refused: the lake is read only."""
        raise NotImplementedError(location)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Refused: the lake is read only."""
        raise NotImplementedError(location)


class _InMemory(InputFile):
    """A small file, read whole."""

    def __init__(self, location: str, content: bytes) -> None:
        super().__init__(location)
        self._content = content

    def __len__(self) -> int:
        return len(self._content)

    def exists(self) -> bool:
        """It does: it was read."""
        return True

    def open(self, seekable: bool = True) -> InputStream:
        """The content as a stream."""
        stream: Any = BytesIO(self._content)
        opened: InputStream = stream
        return opened
