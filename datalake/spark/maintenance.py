"""Table maintenance: expire old snapshots, delete orphaned files, roll a table back."""

import re
from collections.abc import Iterator, Set
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from datalake.core.errors import LakeError, SettingsError
from datalake.core.intent import SnapshotSwap
from datalake.core.table_paths import (
    TablePaths,
    local_path,
    newest_metadata,
    read_metadata,
    table_paths,
)
from datalake.questions.registry import TABLES
from datalake.schemas import Table
from datalake.spark.publishing import (
    current_snapshot_id,
    load_table,
    swap_snapshot,
)
from datalake.spark.tables import Tables

ORPHANS_AFTER = timedelta(days=3)
"""Younger files, and younger stages that were never published, may be those of a run at work."""

_OWN_FILE = re.compile(
    r"(data/.*\.parquet|metadata/.*(\.avro|\.metadata\.json|-version-hint\.temp))$"
)


class Removed(NamedTuple):
    """How many snapshots of a table are gone or would be, and the keys of its orphaned files."""

    table: Table
    snapshots: int
    orphans: list[str]


def maintain(tables: Tables, keep_days: int, keep: int, dry_run: bool = False) -> list[Removed]:
    """Expire snapshots older than so many days, but for the last ones; delete orphaned files.

    A dry run deletes nothing. Its orphans leave out the files of snapshots that would expire.
    """
    age, expired = timedelta(days=keep_days), {}
    for table in filter(tables.has, TABLES):
        work = f"maintain {table.layer}.{table.name}"
        tables.progress(work, 0, 0)
        expired[table] = (
            len(_expirable(tables, table, age, keep))
            if dry_run
            else expire_snapshots(tables, table, age, keep)
        )
        tables.progress(work, 1, 0)
    referenced = referenced_files(tables)
    return [
        Removed(table, count, delete_orphans(tables, table, referenced, dry_run))
        for table, count in expired.items()
    ]


def roll_back(tables: Tables, name: str, snapshot: int) -> None:
    """Set a table, such as Refined.dim_title, back to a snapshot that was current before."""
    table = next((table for table in TABLES if f"{table.layer}.{table.name}" == name), None)
    if table is None or not tables.has(table):
        raise SettingsError(f"--table {name}: the lake has no such table; see: datalake status")
    iceberg = load_table(tables.spark, tables.lake, tables.name(table))
    published = [entry.snapshotId() for entry in iceberg.history()]
    if snapshot not in published or iceberg.snapshot(snapshot) is None:
        raise SettingsError(
            f"--snapshot {snapshot}: {name} was never that, or it has expired;"
            " see: datalake status --json"
        )
    swap = SnapshotSwap(current_snapshot_id(iceberg), snapshot)
    if not swap_snapshot(tables.spark, tables.lake, tables.name(table), swap):
        raise LakeError(f"{name}: another run has published it meanwhile; look, and try again")


def expire_snapshots(tables: Tables, table: Table, age: timedelta, keep: int) -> int:
    """Delete the table's snapshots of that age, but for the last ones, and files only they had.

    A stage that was never published is kept for some days: a run may be about to publish it.
    """
    snapshots = _expirable(tables, table, age, keep)
    if snapshots:
        iceberg = load_table(tables.spark, tables.lake, tables.name(table))
        expiring = iceberg.expireSnapshots().expireOlderThan(0).cleanExpiredFiles(True)
        for snapshot in snapshots:
            expiring = expiring.expireSnapshotId(snapshot)
        expiring.commit()
    return len(snapshots)


def _expirable(tables: Tables, table: Table, age: timedelta, keep: int) -> list[int]:
    """The ids of the snapshots that are neither among the last ones nor young."""
    iceberg = load_table(tables.spark, tables.lake, tables.name(table))
    jvm: Any = tables.spark.sparkContext._jvm
    ancestors = jvm.org.apache.iceberg.util.SnapshotUtil.currentAncestorIds(iceberg)
    last = set(list(ancestors)[:keep])
    published = {*ancestors, *(entry.snapshotId() for entry in iceberg.history())}

    def expires_before(snapshot: int) -> int:
        return _millis(age if snapshot in published else max(age, ORPHANS_AFTER))

    return [
        snapshot.snapshotId()
        for snapshot in iceberg.snapshots()
        if snapshot.snapshotId() not in last
        and snapshot.timestampMillis() < expires_before(snapshot.snapshotId())
    ]


def referenced_files(tables: Tables) -> set[str]:
    """The keys of all files that any snapshot of any table references, unpublished ones included.

    `LakeError` where one of them is outside its table's folder.
    """
    return {key for table in filter(tables.has, TABLES) for key in _referenced_files(tables, table)}


def _referenced_files(tables: Tables, table: Table) -> Iterator[str]:
    name, folder = tables.name(table), f"{table.layer}/{table.name}"
    query = (
        f"SELECT file_path AS path FROM {name}.all_files"  # noqa: S608
        f" UNION SELECT path FROM {name}.all_manifests"
        f" UNION SELECT manifest_list FROM {name}.snapshots"
        f" UNION SELECT file FROM {name}.metadata_log_entries"
    )
    root, lake = tables.lake.storage.url(""), tables.lake
    paths = TablePaths(root, folder, ())
    if not lake.on_s3 and (newest := newest_metadata(lake, folder)):
        paths = table_paths(lake, folder, read_metadata(lake, newest))
    for row in tables.spark.sql(query).collect():
        path = paths.map(row.path)
        yield (path if lake.on_s3 else local_path(path)).removeprefix(f"{root}/")


def delete_orphans(
    tables: Tables, table: Table, referenced: Set[str], dry_run: bool = False
) -> list[str]:
    """Delete a table's old files that no snapshot references, such as a killed run's.

    Return their keys. Only what a table is made of is deleted, and only in its own folder.
    """
    storage, folder = tables.lake.storage, f"{table.layer}/{table.name}"
    before = datetime.now(UTC) - ORPHANS_AFTER
    orphans = [
        key
        for key, modified in storage.modified(folder).items()
        if modified < before
        and key not in referenced
        and _OWN_FILE.match(key.removeprefix(f"{folder}/"))
    ]
    for key in () if dry_run else orphans:
        storage.delete(key)
        parent, _, name = key.rpartition("/")
        storage.delete(f"{parent}/.{name}.crc")  # Hadoop's checksum, on a folder
    return sorted(orphans)


def _millis(age: timedelta) -> int:
    return int((datetime.now(UTC) - age).timestamp() * 1000)
