"""What keeps tables small and lets one be set back: old snapshots, orphans, rollback."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from datalake.core.errors import LakeError, SettingsError
from datalake.questions.registry import TABLES
from datalake.schemas import Table
from datalake.spark.publishing import (
    SnapshotSwap,
    current_snapshot_id,
    load_table,
    swap_snapshot,
)
from datalake.spark.tables import Tables

ORPHANS_AFTER = timedelta(days=3)  # younger files may be those of a run at work


class Removed(NamedTuple):
    """How many snapshots and orphaned files of a table are gone."""

    table: Table
    snapshots: int
    orphans: int


def maintain(tables: Tables, keep_days: int, keep: int) -> list[Removed]:
    """Expire snapshots older than so many days, but for the last ones; delete orphaned files."""
    removed = []
    for table in TABLES:
        if tables.has(table):
            tables.progress(f"maintain {table.layer}.{table.name}", 0, 0)
            snapshots = expire_snapshots(tables, table, timedelta(days=keep_days), keep)
            removed.append(Removed(table, snapshots, delete_orphans(tables, table)))
    return removed


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
    """Delete the table's snapshots of that age, but for the last ones, and files only they had."""
    iceberg = load_table(tables.spark, tables.lake, tables.name(table))
    before = _count_snapshots(iceberg)
    expiring = iceberg.expireSnapshots().expireOlderThan(_millis(age)).retainLast(keep)
    expiring.cleanExpiredFiles(True).commit()
    iceberg.refresh()
    return before - _count_snapshots(iceberg)


def delete_orphans(tables: Tables, table: Table) -> int:
    """Delete files under the table that none of its snapshots has, such as a killed run's."""
    spark = tables.spark
    jvm: Any = spark.sparkContext._jvm
    actions = jvm.org.apache.iceberg.spark.actions.SparkActions.get(spark._jsparkSession)
    iceberg = load_table(spark, tables.lake, tables.name(table))
    deleting = actions.deleteOrphanFiles(iceberg).olderThan(_millis(ORPHANS_AFTER))
    deleted = deleting.usePrefixListing(tables.lake.on_s3).execute()
    return sum(1 for _ in deleted.orphanFileLocations())


def _count_snapshots(iceberg: Any) -> int:
    return sum(1 for _ in iceberg.snapshots())


def _millis(age: timedelta) -> int:
    return int((datetime.now(UTC) - age).timestamp() * 1000)
