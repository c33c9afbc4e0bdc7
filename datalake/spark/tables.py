"""Iceberg reads and writes: a step's tables are staged, audited, then published together.

Staging commits a snapshot that nobody reads yet. Publishing first writes down which
snapshots belong together (the intent), then makes each current; a run that dies between
the two is completed by the next one, so readers never keep a mixture of two runs.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from datalake.base.errors import LakeError
from datalake.base.lake import Lake
from datalake.base.progress import Progress, silent
from datalake.schemas import Table
from datalake.schemas.table import literal
from datalake.spark.session import CATALOG

_PROPERTIES = {
    "format-version": "2",
    "write.format.default": "parquet",
    "write.parquet.compression-codec": "zstd",
    "write.distribution-mode": "none",
    "write.wap.enabled": "true",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


class _Stage(NamedTuple):
    snapshot: int
    rows: int


@dataclass
class Tables:
    """The lake's tables in one Spark session."""

    spark: SparkSession
    lake: Lake
    progress: Progress = silent
    _staged: dict[str, _Stage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stage_id = uuid4().hex
        self.spark.conf.set("spark.wap.id", self._stage_id)
        self._finish_publishing()

    def read(self, table: Table) -> DataFrame:
        """The published rows; `LakeError` where the step that makes the table hasn't run."""
        if not self.has(table):
            raise LakeError(
                f"{self.lake.storage.url('')}: no table {table.layer}.{table.name};"
                f" run: datalake {table.layer.lower()}"
            )
        return self.spark.table(_name(table))

    def has(self, table: Table) -> bool:
        """Whether the table was published; a step killed at its first run leaves an empty one."""
        name = _name(table)
        return (
            self.spark.catalog.tableExists(name)
            and self._iceberg(name).currentSnapshot() is not None
        )

    def stage(self, table: Table, rows: DataFrame, replace: str = "true") -> DataFrame:
        """Write `rows` over those that match `replace`, unpublished; the staged rows come back."""
        self.progress(f"write {table.layer}.{table.name}", 0, 0)
        self._create(table)
        rows.select(*table.names).writeTo(_name(table)).overwrite(F.expr(replace))
        self._staged[_name(table)] = self._newest_stage(table)
        return self.staged(table)

    def stage_all(self, tables: Mapping[Table, DataFrame]) -> None:
        """Stage each of them, in order: two at once take longer, for the cores are busy anyway."""
        for table, rows in tables.items():
            self.stage(table, rows)

    def staged(self, table: Table) -> DataFrame:
        """The rows staged for the table by this step."""
        snapshot = self._staged[_name(table)].snapshot
        return self.spark.read.option("snapshot-id", snapshot).table(_name(table))

    def staged_rows(self, table: Table) -> int:
        """How many rows the table will have, as Iceberg counted them in its files."""
        return self._staged[_name(table)].rows

    @contextmanager
    def step(self) -> Iterator[None]:
        """Publish together what the block stages; forget it, and what it cached, if it fails."""
        self._staged.clear()
        try:
            yield
            self.publish()
        finally:
            self._staged.clear()
            self.spark.catalog.clearCache()

    def publish(self) -> None:
        """Make all that was staged current, all or nothing."""
        with self.lake.storage.create(_INTENT) as file:
            intent = {name: stage.snapshot for name, stage in self._staged.items()}
            file.write(json.dumps(intent).encode())
        self._finish_publishing()
        self._staged.clear()

    def _finish_publishing(self) -> None:
        if _INTENT not in self.lake.storage.list("Publishing"):
            return
        with self.lake.storage.open(_INTENT) as file:
            intent: Mapping[str, int] = json.load(file)
        for name, snapshot in intent.items():
            self._iceberg(name).manageSnapshots().setCurrentSnapshot(snapshot).commit()
        self.lake.storage.delete(_INTENT)

    def _iceberg(self, name: str) -> Any:
        """Iceberg's own object of the table: it tells in no time what a query takes a job for."""
        jvm: Any = self.spark.sparkContext._jvm
        util = jvm.org.apache.iceberg.spark.Spark3Util
        return util.loadIcebergTable(self.spark._jsparkSession, name)

    def _create(self, table: Table) -> None:
        properties = ", ".join(f"'{key}'='{value}'" for key, value in _PROPERTIES.items())
        partition = ", ".join(table.partitioned_by)
        self.spark.sql(
            f"CREATE TABLE IF NOT EXISTS {_name(table)} ({table.ddl}) USING iceberg"
            + (f" PARTITIONED BY ({partition})" if partition else "")
            + f" COMMENT {literal(table.grain)} TBLPROPERTIES ({properties})"
        )

    def _newest_stage(self, table: Table) -> _Stage:
        newest = None
        for snapshot in self._iceberg(_name(table)).snapshots():
            summary = snapshot.summary()
            if summary.get("wap.id") == self._stage_id:
                newest = _Stage(snapshot.snapshotId(), int(summary.get("total-records")))
        if newest is None:
            raise LakeError(f"{table.layer}.{table.name}: what was written is not there")
        return newest


_INTENT = "Publishing/intent.json"


def _name(table: Table) -> str:
    return f"{CATALOG}.{table.layer}.{table.name}"
