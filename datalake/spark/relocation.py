"""Point the tables of a moved or copied folder lake at the folder they lie in now.

Manifests name data files, manifest lists name manifests, metadata.json names manifest lists, all
by absolute path. They are rewritten from the inside out, each by a temporary file and a rename,
and metadata.json last. The rewriting is idempotent: a run that was killed in it is completed by
the next one. Only files of this lake are written, and the other folder is not even read.
"""

import io
import json
import logging
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.core.table_paths import (
    RELOCATION,
    TablePaths,
    is_same_place,
    local_path,
    newest_metadata,
    read_metadata,
    table_paths,
)
from datalake.questions.registry import TABLES

_LOG = logging.getLogger(__name__)
_PATH_KEYS = {
    *("location", "manifest-list", "metadata-file", "statistics-path"),
    *("write.data.path", "write.metadata.path"),
}
Record = dict[str, Any]


class _Avro(NamedTuple):
    """An Avro file in memory: what its writer was given."""

    schema: Any
    codec: str
    metadata: dict[str, str]
    records: list[Record]


def relocate_tables(lake: Lake) -> None:
    """Rewrite the paths in the metadata of tables that point to another folder, if there are any.

    To be called under the lake's lease. Nothing is written where any of the paths is outside the
    lake that was moved: `LakeError` names it. Tables on S3 are left alone.
    """
    moved = moved_tables(lake)
    if not moved:
        return
    root = lake.storage.url("")
    roots = list(dict.fromkeys(root for paths in moved for root in paths.recorded_roots))
    rewritten = [_rewrite(lake, paths) for paths in moved]
    with lake.storage.create(RELOCATION) as file:
        file.write(json.dumps([*roots, root]).encode())
    for files in rewritten:
        for key, content in files.items():
            _replace(lake, key, content)
    lake.storage.delete(RELOCATION)
    old_root = next(path for path in roots if not is_same_place(path, root))
    _LOG.warning("%s: the lake was moved from %s: its tables now point here", root, old_root)


def moved_tables(lake: Lake) -> list[TablePaths]:
    """The tables of a folder lake whose metadata names another folder."""
    if lake.on_s3:
        return []
    paths = [table_paths(lake, folder, metadata) for folder, metadata in _tables(lake)]
    return [table for table in paths if table.was_moved]


def _tables(lake: Lake) -> Iterator[tuple[str, Record]]:
    """Each table's folder and its newest metadata, tables of other versions included."""
    for layer in sorted({table.layer for table in TABLES}):
        folders = {"/".join(key.split("/")[:2]) for key in lake.storage.list(layer)}
        for folder in sorted(folders):
            if key := newest_metadata(lake, folder):
                yield folder, read_metadata(lake, key)


def _rewrite(lake: Lake, paths: TablePaths) -> dict[str, bytes]:
    """The new content of each of the table's metadata files that changes, in order of writing."""
    newest = newest_metadata(lake, paths.table)
    keys = [key for key in lake.storage.list(f"{paths.table}/metadata") if key.endswith(".json")]
    jsons = {key: read_metadata(lake, key) for key in sorted(keys, key=lambda key: key == newest)}
    snapshots = jsons[str(newest)].get("snapshots", ())
    lists = [local_path(paths.map(snapshot["manifest-list"])) for snapshot in snapshots]
    avros = {path: _read(path) for path in lists}
    files: dict[str, bytes] = {}
    for manifest in {
        m["manifest_path"]: m for avro in avros.values() for m in avro.records
    }.values():
        path = local_path(paths.map(manifest["manifest_path"]))
        if manifest.get("content"):
            raise LakeError(f"{path}: lists delete files, which a moved lake can't have")
        files[path] = _encode(_read(path), paths, {})
    for path, avro in avros.items():
        files[path] = _encode(avro, paths, {path: len(data) for path, data in files.items()})
    for key, metadata in jsons.items():
        files[f"{paths.root}/{key}"] = _dump(_mapped(metadata, paths))
    return {path.removeprefix(f"{paths.root}/"): data for path, data in files.items()}


def _read(path: str) -> _Avro:
    try:
        with Path(path).open("rb") as file:
            import fastavro  # here: Glue doesn't have it, and lakes on S3 don't move

            reader = fastavro.reader(file)
            records = [record for record in reader if isinstance(record, dict)]
    except OSError as error:
        raise LakeError(f"{path}: {error.strerror}; copy the lake anew, as a whole") from error
    except (ValueError, EOFError, zlib.error) as error:
        raise LakeError(f"{path}: not a readable Avro file; copy the lake anew") from error
    metadata = {key: text for key, text in reader.metadata.items() if not key.startswith("avro.")}
    return _Avro(json.loads(reader.metadata["avro.schema"]), reader.codec, metadata, records)


def _encode(avro: _Avro, paths: TablePaths, lengths: dict[str, int]) -> bytes:
    """The file with its paths mapped, and the new lengths of the manifests that it lists."""

    def mapped(record: Record) -> Record:
        if data_file := record.get("data_file"):
            path = paths.map(data_file["file_path"])
            return record | {"data_file": data_file | {"file_path": path}}
        path = paths.map(record["manifest_path"])
        return record | {"manifest_path": path, "manifest_length": lengths[local_path(path)]}

    file = io.BytesIO()
    records = map(mapped, avro.records)
    import fastavro

    fastavro.writer(file, avro.schema, records, codec=avro.codec, metadata=avro.metadata)
    return file.getvalue()


def _mapped(node: Any, paths: TablePaths) -> Any:
    """The JSON with the paths in it mapped."""
    if isinstance(node, list):
        return [_mapped(item, paths) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: paths.map(value)
        if key in _PATH_KEYS and isinstance(value, str)
        else _mapped(value, paths)
        for key, value in node.items()
    }


def _dump(metadata: Record) -> bytes:
    return json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode()


def _replace(lake: Lake, key: str, content: bytes) -> None:
    """Replace the file at once; the checksum that Hadoop keeps beside it goes first."""
    folder, _, name = key.rpartition("/")
    lake.storage.delete(f"{folder}/.{name}.crc")
    with lake.storage.create(key) as file:
        file.write(content)
