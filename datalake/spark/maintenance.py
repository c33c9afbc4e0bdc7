"""What keeps tables small and lets one be set back: old snapshots, orphans, rollback."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from datalake.core.errors import LakeError, SettingsError
from datalake.schemas import TABLES, Table
from datalake.spark.publishing import SnapshotSwap, current, iceberg, set_current
from datalake.spark.tables import Tables

ORPHANS_AFTER = timedelta(days=3)  # younger files may be those of a run at work


class Removed(NamedTuple):
    """How many snapshots and orphaned files of a table are gone."""

    table: Table
    snapshots: int
    orphans: int


def maintain(tables: Tables, keep_days: int, keep: int) -> list[Removed]:
    """Expire snapshots older than so many days, but for the last ones; delete orphaned files."""
    found = []
    for table in TABLES:
        if tables.has(table):
            tables.progress(f"maintain {table.layer}.{table.name}", 0, 0)
            snapshots = expire(tables, table, timedelta(days=keep_days), keep)
            found.append(Removed(table, snapshots, delete_orphans(tables, table)))
    return found


def roll_back(tables: Tables, name: str, snapshot: int) -> None:
    """Set a table, such as Refined.dim_title, back to a snapshot that was current before."""
    table = next((one for one in TABLES if f"{one.layer}.{one.name}" == name), None)
    if table is None or not tables.has(table):
        raise SettingsError(f"--table {name}: the lake has no such table; see: datalake status")
    found = iceberg(tables.spark, tables.lake, tables.name(table))
    known = [entry.snapshotId() for entry in found.history()]
    if snapshot not in known or found.snapshot(snapshot) is None:
        raise SettingsError(
            f"--snapshot {snapshot}: {name} was never that, or it has expired;"
            " see: datalake status --json"
        )
    move = SnapshotSwap(current(found), snapshot)
    if not set_current(tables.spark, tables.lake, tables.name(table), move):
        raise LakeError(f"{name}: another run has published it meanwhile; look, and try again")


def expire(tables: Tables, table: Table, age: timedelta, keep: int) -> int:
    """Delete the table's snapshots of that age, but for the last ones, and files only they had."""
    found = iceberg(tables.spark, tables.lake, tables.name(table))
    before = _snapshots(found)
    expire = found.expireSnapshots().expireOlderThan(_millis(age)).retainLast(keep)
    expire.cleanExpiredFiles(True).commit()
    found.refresh()
    return before - _snapshots(found)


def delete_orphans(tables: Tables, table: Table) -> int:
    """Delete files under the table that none of its snapshots has, such as a killed run's."""
    spark = tables.spark
    jvm: Any = spark.sparkContext._jvm
    actions = jvm.org.apache.iceberg.spark.actions.SparkActions.get(spark._jsparkSession)
    found = iceberg(spark, tables.lake, tables.name(table))
    deleting = actions.deleteOrphanFiles(found).olderThan(_millis(ORPHANS_AFTER))
    deleted = deleting.usePrefixListing(tables.lake.on_s3).execute()
    return sum(1 for _ in deleted.orphanFileLocations())


def _snapshots(found: Any) -> int:
    return sum(1 for _ in found.snapshots())


def _millis(age: timedelta) -> int:
    return int((datetime.now(UTC) - age).timestamp() * 1000)
