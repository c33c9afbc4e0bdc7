"""Publish several tables together: a write-ahead intent, then a compare-and-swap for each.

The intent names the snapshots that become current together. A run that dies while it applies
the intent is completed by the next one. A table is moved only from the snapshot that the intent
names: what another run has published since is never undone.

Iceberg's public API for this would be ManageSnapshots, but no one operation of it is a
compare-and-swap for publishing and rollback: docs/decisions/0025 says what each does instead.
"""

import json
from collections.abc import Mapping
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from datalake.core.errors import LakeError
from datalake.core.intent import INTENT, SnapshotSwap, read_intent
from datalake.core.lake import Lake
from datalake.core.storage import Storage
from datalake.core.table_paths import is_same_place, local_path

_TRIES = 5


def load_table(spark: SparkSession, lake: Lake, name: str) -> Any:
    """Iceberg's Java object of the table; it tells at once what a query takes a job for.

    `LakeError` where the table lies in another lake: metadata holds absolute paths, so the tables
    of a copied or moved folder still point at the original, and Glue's names may be another's.
    """
    jvm: Any = spark.sparkContext._jvm
    # Spark looks a catalog up in the settings of the session that is active, not of the one given.
    jvm.org.apache.spark.sql.SparkSession.setActiveSession(spark._jsparkSession)
    table = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)
    check_location(lake, name, table.location())
    return table


def check_location(lake: Lake, name: str, location: str) -> None:
    """`LakeError` where the location is not the table's own place in this lake."""
    database, table = name.split(".")[-2:]
    layer = database.removeprefix(lake.database_prefix).capitalize() if lake.on_s3 else database
    expected = lake.storage.url(f"{layer}/{table}")
    actual = location.rstrip("/") if lake.on_s3 else local_path(location)
    if lake.on_s3 and actual != expected:
        raise LakeError(
            f"Glue's table {database}.{table} is that of another lake, at {location};"
            " give this one its own --database-prefix"
        )
    if not lake.on_s3 and not is_same_place(actual, expected):
        raise LakeError(
            f"{expected}: the lake was moved or copied, and this table still points to {actual};"
            " nothing was changed; move the lake back, or ingest its files into a new one"
        )


def current_snapshot_id(table: Any) -> int | None:
    """The id of the snapshot that readers see; None before the first one."""
    snapshot = table.currentSnapshot()
    return None if snapshot is None else int(snapshot.snapshotId())


def write_intent(storage: Storage, swaps: Mapping[str, SnapshotSwap]) -> None:
    """Write the intent; `LakeError` where another run is publishing."""
    if not storage.compare_and_swap(INTENT, None, json.dumps(swaps).encode()):
        raise LakeError(
            f"{storage.url(INTENT)}: another run is publishing; nothing was published; run again"
        )


def apply_intent(spark: SparkSession, lake: Lake) -> None:
    """Make current what a pending intent names; idempotent, so a second run can complete it."""
    swaps = read_intent(lake.storage)
    for name, swap in swaps.items():
        swap_snapshot(spark, lake, name, swap)
    if swaps:
        lake.storage.delete(INTENT)


def swap_snapshot(spark: SparkSession, lake: Lake, name: str, swap: SnapshotSwap) -> bool:
    """Compare-and-swap of a table's current snapshot; false where it isn't at the old one."""
    operations = load_table(spark, lake, name).operations()
    jvm: Any = spark.sparkContext._jvm
    for attempt in range(_TRIES):
        base = operations.refresh()
        if current_snapshot_id(base) != swap.old:
            return current_snapshot_id(base) == swap.new
        builder = jvm.org.apache.iceberg.TableMetadata.buildFrom(base)
        metadata = builder.setBranchSnapshot(swap.new, "main").build()
        try:
            operations.commit(base, metadata)
        except Py4JJavaError as error:
            if "CommitFailedException" not in str(error) or attempt == _TRIES - 1:
                raise
        else:
            return True
    return False
