"""How long the loads of a fact are kept: as long as TMDB's terms let its figures be."""

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


def delete_old_loads(tables: Tables, kept: timedelta = LOADS_KEPT) -> int:
    """Delete every table's loads of over that age; how many files that were."""
    loaded = [table for table in TABLES if _LOAD in table.partitioned_by and tables.has(table)]
    return sum(delete_loads(tables, table, kept) for table in loaded)


def delete_loads(tables: Tables, table: Table, kept: timedelta) -> int:
    """Delete the table's loads of over that age, whole partitions; how many files that were."""
    iceberg = load_table(tables.spark, tables.lake, tables.name(table))
    jvm: Any = tables.spark.sparkContext._jvm
    oldest = (datetime.now(UTC) - kept).date().isoformat()
    old = jvm.org.apache.iceberg.expressions.Expressions.lessThan(_LOAD, oldest)
    files = sum(1 for _ in iceberg.newScan().filter(old).planFiles())
    if files:
        iceberg.newDelete().deleteFromRowFilter(old).commit()
    return files
