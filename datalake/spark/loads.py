"""Retention of the facts' loads: no longer than TMDB's terms allow."""

from datetime import UTC, datetime, timedelta
from typing import Any

from datalake.questions.registry import TABLES
from datalake.schemas import Table
from datalake.spark.publishing import load_table
from datalake.spark.tables import Tables

# The terms allow six months. A response is asked for again after 90 days, so a load's figures were
# up to 90 days old when it was built; weekly upkeep comes up to a week late, and expires the
# snapshot two to three weeks after that (docs/decisions/0027).
LOADS_KEPT = timedelta(days=60)
_LOAD = "load_date"


def delete_old_loads(tables: Tables, keep: timedelta = LOADS_KEPT) -> None:
    """Delete every table's loads that are older than `keep`."""
    for table in TABLES:
        if _LOAD in table.partitioned_by and tables.has(table):
            delete_loads(tables, table, keep)


def delete_loads(tables: Tables, table: Table, keep: timedelta) -> bool:
    """Delete the table's loads older than `keep`, whole partitions; whether there were any."""
    iceberg = load_table(tables.spark, tables.lake, tables.name(table))
    jvm: Any = tables.spark.sparkContext._jvm
    oldest = (datetime.now(UTC) - keep).date().isoformat()
    is_old = jvm.org.apache.iceberg.expressions.Expressions.lessThan(_LOAD, oldest)
    has_old: bool = iceberg.newScan().filter(is_old).planFiles().iterator().hasNext()
    if has_old:
        iceberg.newDelete().deleteFromRowFilter(is_old).commit()
    return has_old
