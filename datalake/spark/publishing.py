"""The intent: which snapshots become current together, written down before any of them does.

A run that dies while it makes them current is completed by the next one. A table is moved only
from the snapshot that the intent names, by compare-and-swap in the catalog: what another run has
published since is never undone.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from datalake.base.errors import LakeError
from datalake.base.storage import Storage

INTENT = "Publishing/intent.json"
_TRIES = 5


class Move(NamedTuple):
    """A table's current snapshot (None: it has none), and the one that is to follow it."""

    old: int | None
    new: int


def iceberg(spark: SparkSession, name: str) -> Any:
    """Iceberg's own object of the table: it tells in no time what a query takes a job for."""
    jvm: Any = spark.sparkContext._jvm
    # Spark looks a catalog up in the settings of the session that is active, not of the one given.
    jvm.org.apache.spark.sql.SparkSession.setActiveSession(spark._jsparkSession)
    return jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)


def current(table: Any) -> int | None:
    """The id of the snapshot that readers see; None before the first one."""
    snapshot = table.currentSnapshot()
    return None if snapshot is None else int(snapshot.snapshotId())


def declare(storage: Storage, moves: Mapping[str, Move]) -> None:
    """Write the intent; `LakeError` where another run is publishing."""
    if not storage.swap(INTENT, None, json.dumps(moves).encode()):
        raise LakeError(
            f"{storage.url(INTENT)}: another run is publishing; nothing was published; run again"
        )


def fulfil(spark: SparkSession, storage: Storage) -> None:
    """Make current what an intent names, if there is one."""
    if INTENT not in storage.list("Publishing"):
        return
    with storage.open(INTENT) as file:
        moves = {name: Move(*move) for name, move in json.load(file).items()}
    for name, move in moves.items():
        set_current(spark, name, move)
    storage.delete(INTENT)


def set_current(spark: SparkSession, name: str, move: Move) -> bool:
    """Move the table from the one snapshot to the other; false where it isn't at the first."""
    operations = iceberg(spark, name).operations()
    jvm: Any = spark.sparkContext._jvm
    for attempt in range(_TRIES):
        base = operations.refresh()
        if current(base) != move.old:
            return current(base) == move.new
        changed = jvm.org.apache.iceberg.TableMetadata.buildFrom(base)
        changed = changed.setBranchSnapshot(move.new, "main").build()
        try:
            operations.commit(base, changed)
        except Py4JJavaError as error:
            if "CommitFailedException" not in str(error) or attempt == _TRIES - 1:
                raise
        else:
            return True
    return False
