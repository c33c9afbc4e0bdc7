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


def delete_old_loads(tables: Tables, kept: timedelta = LOADS_KEPT) -> None:
    """Delete every table's loads of over that age."""
    for table in TABLES:
        if _LOAD in table.partitioned_by and tables.has(table):
            delete_loads(tables, table, kept)


def delete_loads(tables: Tables, table: Table, kept: timedelta) -> bool:
    """Delete the table's loads of over that age, whole partitions; whether there were any."""
    iceberg = load_table(tables.spark, tables.lake, tables.name(table))
    jvm: Any = tables.spark.sparkContext._jvm
    oldest = (datetime.now(UTC) - kept).date().isoformat()
    old = jvm.org.apache.iceberg.expressions.Expressions.lessThan(_LOAD, oldest)
    with_old: bool = iceberg.newScan().filter(old).planFiles().iterator().hasNext()
    if with_old:
        iceberg.newDelete().deleteFromRowFilter(old).commit()
    return with_old
