"""Where the tables of a folder lake lie, and where their Iceberg metadata says they lie.

Iceberg's metadata holds absolute paths. After a lake was moved or copied they still name the
folder it was written in, so each path is mapped by its part below that lake's root.
"""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datalake.core.damage import checked, load_json, report_damage
from datalake.core.errors import LakeError
from datalake.core.lake import Lake

RELOCATION = "Publishing/relocation.json"
"""Exists while tables are rewritten, and lists every root that their paths may name."""

_MAX_DIGITS = 18  # of a version
_RELOCATION_REMEDY = "write the folders that the lake was in into it, as a JSON array of texts"
_METADATA_REMEDY = (
    "not a metadata file of Iceberg; restore it from a backup, or remove the table's folder and"
    " build the table anew"
)


@dataclass(frozen=True)
class TablePaths:
    """Maps the paths in a table's metadata into the folder that the table lies in.

    `root` is the lake's folder, `table` the table's own below it, such as Refined/dim_title,
    and `recorded_roots` are those that metadata may name.
    """

    root: str
    table: str
    recorded_roots: tuple[str, ...]

    @property
    def was_moved(self) -> bool:
        """Whether metadata may name another folder than the table's, symbolic links resolved."""
        actual = f"{self.root}/{self.table}"
        return not all(
            is_same_place(f"{root}/{self.table}", actual) for root in self.recorded_roots
        )

    def map(self, path: str) -> str:
        """The path in this lake, with its scheme; `LakeError` for one outside the table."""
        location = path if "://" in self.root else local_path(path)
        for root in (self.root, *self.recorded_roots):
            folder = f"{root}/{self.table}"
            if location == folder or location.startswith(f"{folder}/"):
                return path.replace(location, self.root + location.removeprefix(root), 1)
        raise LakeError(
            f"{self.root}/{self.table}: its metadata names {path}, which is outside the lake it"
            f" was moved from ({', '.join(self.recorded_roots)}); nothing of it was changed"
        )


def table_paths(lake: Lake, folder: str, metadata: dict[str, Any]) -> TablePaths:
    """The paths of the table in `folder`, as its metadata and an unfinished relocation say.

    Where a lake was written through a symbolic link, its metadata names that path as well.
    """
    root = lake.storage.url("")
    location = local_path(metadata["location"])
    if not location.endswith(f"/{folder}"):
        raise LakeError(f"{root}/{folder}: its metadata is that of another table, at {location}")
    files = [
        *(snapshot["manifest-list"] for snapshot in metadata.get("snapshots", ())),
        *(entry["metadata-file"] for entry in metadata.get("metadata-log", ())),
    ]
    partitions = [local_path(path).partition(f"/{folder}/") for path in (f"{location}/.", *files)]
    recorded_roots = [before for before, separator, _ in partitions if separator]
    return TablePaths(
        root, folder, tuple(dict.fromkeys((*recorded_roots, *_relocation_roots(lake))))
    )


def _relocation_roots(lake: Lake) -> tuple[str, ...]:
    """The roots that an unfinished relocation has recorded; none without one."""
    if RELOCATION not in lake.storage.list("Publishing"):
        return ()
    damage = report_damage(lake.storage, RELOCATION, _RELOCATION_REMEDY)
    with damage, lake.storage.open(RELOCATION) as file:
        return tuple(checked(root, str) for root in checked(load_json(file), list))


def newest_metadata(lake: Lake, folder: str) -> str | None:
    """The key of a table's newest metadata file; None where there is no table.

    Iceberg writes the file, deletes the version hint, then renames a new one into its place: while
    it does so, or after it was killed, the hint may be behind, or not there at all.
    """
    keys = set(lake.storage.list(f"{folder}/metadata"))
    hint = f"{folder}/metadata/version-hint.text"
    try:
        with lake.storage.open(hint) as file:
            text = file.read()
    except LakeError:
        return _last_version(folder, keys)
    if not text.strip().isdigit() or len(text) > _MAX_DIGITS:
        raise LakeError(
            f"{lake.storage.url(hint)}: not the number of a version; delete it, the newest"
            " v….metadata.json beside it counts then"
        )
    version = int(text)
    while f"{folder}/metadata/v{version + 1}.metadata.json" in keys:
        version += 1
    return f"{folder}/metadata/v{version}.metadata.json"


def _last_version(folder: str, keys: Iterable[str]) -> str | None:
    pattern = re.compile(re.escape(folder) + r"/metadata/v(\d+)\.metadata\.json")
    versions = {int(match[1]): key for key in keys if (match := pattern.fullmatch(key))}
    return versions[max(versions)] if versions else None


def read_metadata(lake: Lake, key: str) -> dict[str, Any]:
    """A table's metadata file as it stands; `LakeError` where it isn't one."""
    with report_metadata_damage(lake, key), lake.storage.open(key) as file:
        metadata = checked(load_json(file), dict)
        checked(metadata["location"], str)
        if (current := metadata.get("current-snapshot-id")) is not None:
            checked(current, int)
        for snapshot in metadata.get("snapshots", ()):
            checked(snapshot["snapshot-id"], int)
            checked(snapshot["manifest-list"], str)
            checked(snapshot.get("summary", {}), dict)
        for entry in metadata.get("metadata-log", ()):
            checked(entry["metadata-file"], str)
        return metadata


def report_metadata_damage(lake: Lake, key: str) -> AbstractContextManager[None]:
    """Turn an error of using the metadata file in the block into a `LakeError` that names it."""
    return report_damage(lake.storage, key, _METADATA_REMEDY)


def local_path(location: str) -> str:
    """The path of a local file, without the scheme that Hadoop may put before it."""
    return re.sub("^file:/*", "/", location).rstrip("/")


def is_same_place(folder: str, other: str) -> bool:
    """Whether both name one local folder, symbolic links resolved."""
    try:
        return folder == other or Path(folder).samefile(other)
    except OSError:
        return False
