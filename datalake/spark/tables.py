"""Iceberg reads and writes by write-audit-publish: a step's tables are staged, then published.

Staging commits a snapshot that nobody reads yet. Publishing first writes down which
snapshots belong together (the intent), then makes each current; a run that dies between
the two is completed by the next that opens the tables for writing, and until then readers
see what the intent names: never a mixture of two runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from py4j.protocol import Py4JError
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from datalake.core.errors import LakeError
from datalake.core.intent import SnapshotSwap, read_intent
from datalake.core.lake import Lake
from datalake.core.lease import Lease, leased
from datalake.core.progress import Progress, silent
from datalake.schemas import Table
from datalake.schemas.query import Result
from datalake.spark.publishing import (
    apply_intent,
    current_snapshot_id,
    load_table,
    write_intent,
)
from datalake.spark.query import spark_query
from datalake.spark.schema_evolution import (
    check_version,
    create_table,
    migrate_table,
    missing_columns,
)

LEASE = "tables"
_NO_TABLE = ("TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND")


class _Stage(NamedTuple):
    """A staged snapshot, and how many rows the table has in it."""

    swap: SnapshotSwap
    rows: int


@dataclass
class Tables:
    """The lake's tables in one Spark session; without a lease each step takes its own.

    Of tables that are staged together, `at_once` are written at the same time.
    """

    spark: SparkSession
    lake: Lake
    progress: Progress = silent
    lease: Lease | None = None
    at_once: int = 1
    _properties: Mapping[str, str] = field(default_factory=dict)
    _staged: dict[str, _Stage] = field(default_factory=dict)
    _pinned: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stage_id = uuid4().hex
        self.spark.conf.set("spark.wap.id", self._stage_id)

    def recover(self) -> None:
        """Complete the publishing of a run that died in it; idempotent."""
        apply_intent(self.spark, self.lake)

    def pin(self, tables: Sequence[Table]) -> None:
        """Read these tables from now on at their snapshots of now, whatever is published later."""
        previous, current = None, self._snapshots(tables)
        while current != previous:  # another run was publishing while they were read
            previous, current = current, self._snapshots(tables)
        self._pinned = current

    def _snapshots(self, tables: Sequence[Table]) -> dict[str, int]:
        loaded = {table: self._load(table) for table in tables}
        return {
            self.name(table): snapshot
            for table, iceberg in loaded.items()
            if iceberg is not None and (snapshot := self._published(table, iceberg)) is not None
        }

    def name(self, table: Table) -> str:
        """The table's full name in Spark."""
        return self.lake.table_name(table.layer, table.name)

    def read(self, table: Table) -> DataFrame:
        """The published rows; `LakeError` where the step that makes the table hasn't run."""
        name, remedy = f"{table.layer}.{table.name}", f"run: datalake {table.layer.lower()}"
        iceberg = self._load(table)
        if iceberg is None or (snapshot := self._published(table, iceberg)) is None:
            raise LakeError(f"{self.lake.storage.url('')}: no table {name}; {remedy}")
        if missing := missing_columns(self.spark, table, iceberg):
            raise LakeError(
                f"{self.lake.storage.url('')}: {name} is of an older version and lacks"
                f" {', '.join(missing)}; {remedy}"
            )
        if snapshot != current_snapshot_id(iceberg):
            return self._rows_at(table, snapshot)
        return self.spark.table(self.name(table))

    def query(self, sql: str) -> Result:
        """The rows of SQL on the published tables; see `datalake.schemas.query`."""
        return spark_query(self.spark, self.read)(sql)

    def has(self, table: Table) -> bool:
        """Whether the table was published; a step killed at its first run leaves an empty one."""
        iceberg = self._load(table)
        return iceberg is not None and self._published(table, iceberg) is not None

    def prepare(self, table: Table) -> list[tuple[str, str]]:
        """Create the table or migrate it; return its columns beyond the schema, with types."""
        iceberg = self._load(table)
        if iceberg is None:
            create_table(self.spark, self.lake, self.name(table), table)
            return []
        return migrate_table(self.spark, self.name(table), table, iceberg)

    def stage(self, table: Table, rows: DataFrame, replace: str = "true") -> DataFrame:
        """Write `rows` over those that match `replace`, unpublished; return the staged table."""
        work = f"write {table.layer}.{table.name}"
        self.progress(work, 0, 0)
        extra_columns = self.prepare(table)
        rows = rows.select(*table.names, *(F.lit(None).cast(t).alias(n) for n, t in extra_columns))
        writer = rows.writeTo(self.name(table))
        for name, value in self._properties.items():
            writer = writer.option(f"snapshot-property.{name}", value)
        writer.overwrite(F.expr(replace))
        self._staged[self.name(table)] = self._newest_stage(table)
        self.progress(work, 1, 0, f"{self.staged_rows(table):,} rows")
        return self.staged(table)

    def stage_all(self, tables: Mapping[Table, DataFrame], at_once: int = 1) -> None:
        """Stage each of them, as many at a time as `at_once` or `self.at_once`, whichever is more.

        It is only faster where cores would be idle: a gzipped file is read by one task, and on few
        rows planning, which keeps one core busy, takes longer than running.
        """
        at_once = max(at_once, self.at_once)
        if at_once == 1:
            for table, rows in tables.items():
                self.stage(table, rows)
            return
        pool = ThreadPoolExecutor(at_once)
        try:
            list(pool.map(self.stage, tables.keys(), tables.values()))
        except BaseException:  # one that fails must not wait for the others
            with suppress(Py4JError):
                self.spark.sparkContext.cancelAllJobs()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def staged(self, table: Table) -> DataFrame:
        """The rows staged for the table by this step."""
        return self._rows_at(table, self._staged[self.name(table)].swap.new)

    def is_staged(self, table: Table) -> bool:
        """Whether this step has staged rows for the table."""
        return self.name(table) in self._staged

    def staged_rows(self, table: Table) -> int:
        """How many rows the table will have, as Iceberg counted them in its files."""
        return self._staged[self.name(table)].rows

    @contextmanager
    def step(self, properties: Mapping[str, str] | None = None) -> Iterator[None]:
        """Publish together what the block stages, or discard it if the block fails.

        `properties` are kept in the summary of each snapshot.
        """
        self._staged.clear()
        self._properties = properties or {}
        try:
            with self._leased():
                yield
                self.publish()
        finally:
            self._staged.clear()
            self._properties = {}
            self.spark.catalog.clearCache()

    def publish(self) -> None:
        """Make all that was staged current, or nothing; `LakeError` if another run was first."""
        if self.lease:
            self.lease.renew()
        swaps = {name: stage.swap for name, stage in self._staged.items()}
        for name, swap in swaps.items():
            if current_snapshot_id(load_table(self.spark, self.lake, name)) != swap.old:
                raise LakeError(
                    f"{self.lake.storage.url('')}: another run has published {name} meanwhile;"
                    " nothing was published; run again"
                )
        write_intent(self.lake.storage, swaps)
        apply_intent(self.spark, self.lake)
        self._staged.clear()

    @contextmanager
    def _leased(self) -> Iterator[None]:
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

    def _load(self, table: Table) -> Any:
        """Iceberg's object of the table, whose version is checked; None where there is no table."""
        try:
            iceberg = load_table(self.spark, self.lake, self.name(table))
        except AnalysisException as error:
            # Spark 4 has another name for it, and warns of this one.
            if getattr(error, "getCondition", error.getErrorClass)() not in _NO_TABLE:
                raise
            return None
        check_version(table, iceberg)
        return iceberg

    def _published(self, table: Table, iceberg: Any) -> int | None:
        """The snapshot that is pinned, or current, or is to be by a pending intent."""
        if pinned := self._pinned.get(self.name(table)):
            return pinned
        snapshot = current_snapshot_id(iceberg)
        swap = read_intent(self.lake.storage).get(self.name(table))
        return swap.published(snapshot) if swap else snapshot

    def _rows_at(self, table: Table, snapshot: int) -> DataFrame:
        query = f"SELECT * FROM {self.name(table)} VERSION AS OF {snapshot}"  # noqa: S608
        return self.spark.sql(query)

    def _newest_stage(self, table: Table) -> _Stage:
        snapshots = load_table(self.spark, self.lake, self.name(table)).operations().current()
        for snapshot in reversed(snapshots.snapshots()):
            summary = snapshot.summary()
            if summary.get("wap.id") == self._stage_id:
                swap = SnapshotSwap(snapshot.parentId(), snapshot.snapshotId())
                return _Stage(swap, int(summary.get("total-records")))
        raise LakeError(f"{table.layer}.{table.name}: what was written is not there")
