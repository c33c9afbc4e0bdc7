"""Iceberg reads and writes: a step's tables are staged, audited, then published together.

Staging commits a snapshot that nobody reads yet. Publishing first writes down which
snapshots belong together (the intent), then makes each current; a run that dies between
the two is completed by the next one, so readers never keep a mixture of two runs.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.core.lease import Lease, leased
from datalake.core.progress import Progress, silent
from datalake.schemas import VERSION, Table
from datalake.schemas.table import literal
from datalake.spark.publishing import SnapshotSwap, apply_intent, current, iceberg, write_intent
from datalake.spark.schema_evolution import PROPERTY, check_version, lacking, migrate_table
from datalake.spark.session import CATALOG

LEASE = "tables"
_MISSING = ("TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND")
_PROPERTIES = {
    PROPERTY: str(VERSION),
    "format-version": "2",
    "write.format.default": "parquet",
    "write.parquet.compression-codec": "zstd",
    "write.distribution-mode": "none",
    "write.wap.enabled": "true",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


class _Stage(NamedTuple):
    move: SnapshotSwap
    rows: int


@dataclass
class Tables:
    """The lake's tables in one Spark session; without a lease each step takes its own."""

    spark: SparkSession
    lake: Lake
    progress: Progress = silent
    lease: Lease | None = None
    _staged: dict[str, _Stage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stage_id = uuid4().hex
        self.spark.conf.set("spark.wap.id", self._stage_id)
        apply_intent(self.spark, self.lake)

    def name(self, table: Table) -> str:
        """The table's full name in Spark."""
        return f"{CATALOG}.{self.lake.database(table.layer)}.{table.name}"

    def read(self, table: Table) -> DataFrame:
        """The published rows; `LakeError` where the step that makes the table hasn't run."""
        told, step = f"{table.layer}.{table.name}", f"run: datalake {table.layer.lower()}"
        found = self._known(table)
        if found is None or current(found) is None:
            raise LakeError(f"{self.lake.storage.url('')}: no table {told}; {step}")
        if missing := lacking(table, found):
            raise LakeError(
                f"{self.lake.storage.url('')}: {told} is of an older version and lacks"
                f" {', '.join(missing)}; {step}"
            )
        return self.spark.table(self.name(table))

    def has(self, table: Table) -> bool:
        """Whether the table was published; a step killed at its first run leaves an empty one."""
        found = self._known(table)
        return found is not None and current(found) is not None

    def prepare(self, table: Table) -> list[tuple[str, str]]:
        """Create the table or add the columns it lacks; those it has beyond come back."""
        found = self._known(table)
        if found is None:
            self._create(table)
            return []
        return migrate_table(self.spark, self.name(table), table, found)

    def stage(self, table: Table, rows: DataFrame, replace: str = "true") -> DataFrame:
        """Write `rows` over those that match `replace`, unpublished; the staged rows come back."""
        self.progress(f"write {table.layer}.{table.name}", 0, 0)
        beyond = self.prepare(table)
        rows = rows.select(*table.names, *(F.lit(None).cast(t).alias(n) for n, t in beyond))
        rows.writeTo(self.name(table)).overwrite(F.expr(replace))
        self._staged[self.name(table)] = self._newest_stage(table)
        return self.staged(table)

    def stage_all(self, tables: Mapping[Table, DataFrame]) -> None:
        """Stage each of them, in order: two at once take longer, for the cores are busy anyway."""
        for table, rows in tables.items():
            self.stage(table, rows)

    def staged(self, table: Table) -> DataFrame:
        """The rows staged for the table by this step."""
        snapshot = self._staged[self.name(table)].move.new
        told = f"SELECT * FROM {self.name(table)} VERSION AS OF {snapshot}"  # noqa: S608
        return self.spark.sql(told)

    def staged_rows(self, table: Table) -> int:
        """How many rows the table will have, as Iceberg counted them in its files."""
        return self._staged[self.name(table)].rows

    @contextmanager
    def step(self) -> Iterator[None]:
        """Publish together what the block stages; forget it, and what it cached, if it fails."""
        self._staged.clear()
        try:
            with self._held():
                yield
                self.publish()
        finally:
            self._staged.clear()
            self.spark.catalog.clearCache()

    def publish(self) -> None:
        """Make all that was staged current, or nothing; `LakeError` if another run was first."""
        if self.lease:
            self.lease.renew()
        swaps = {name: stage.move for name, stage in self._staged.items()}
        for name, move in swaps.items():
            if current(iceberg(self.spark, self.lake, name)) != move.old:
                raise LakeError(
                    f"{self.lake.storage.url('')}: another run has published {name} meanwhile;"
                    " nothing was published; run again"
                )
        write_intent(self.lake.storage, swaps)
        apply_intent(self.spark, self.lake)
        self._staged.clear()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The block runs under the lease: the caller's, or one of its own."""
        if self.lease:
            yield
            return
        with leased(self.lake.storage, LEASE, "a step") as lease:
            self.lease = lease
            try:
                yield
            finally:
                self.lease = None

    def _known(self, table: Table) -> Any:
        """Iceberg's object of the table, checked to be of this version; None without."""
        try:
            found = iceberg(self.spark, self.lake, self.name(table))
        except AnalysisException as error:
            # Spark 4 has another name for it, and warns of this one.
            if getattr(error, "getCondition", error.getErrorClass)() not in _MISSING:
                raise
            return None
        check_version(table, found)
        return found

    def _place(self, table: Table) -> str:
        return self.lake.storage.url(f"{table.layer}/{table.name}")

    def _create(self, table: Table) -> None:
        if self.lake.on_s3:
            database = self.lake.database(table.layer)
            self.spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {CATALOG}.{database}")
        properties = ", ".join(f"'{key}'='{value}'" for key, value in _PROPERTIES.items())
        partition = ", ".join(table.partitioned_by)
        self.spark.sql(
            f"CREATE TABLE IF NOT EXISTS {self.name(table)} ({table.ddl}) USING iceberg"
            + (f" PARTITIONED BY ({partition})" if partition else "")
            + f" COMMENT {literal(table.grain)}"
            + (f" LOCATION {literal(self._place(table))}" if self.lake.on_s3 else "")
            + f" TBLPROPERTIES ({properties})"
        )

    def _newest_stage(self, table: Table) -> _Stage:
        newest = None
        for snapshot in iceberg(self.spark, self.lake, self.name(table)).snapshots():
            summary = snapshot.summary()
            if summary.get("wap.id") == self._stage_id:
                move = SnapshotSwap(snapshot.parentId(), snapshot.snapshotId())
                newest = _Stage(move, int(summary.get("total-records")))
        if newest is None:
            raise LakeError(f"{table.layer}.{table.name}: what was written is not there")
        return newest
