"""Loads of TMDB's figures that are too old to keep."""

from datetime import UTC, datetime, timedelta

import pytest
from support.lakes import rows_of

from datalake.schemas import Table
from datalake.schemas.table import columns
from datalake.spark.loads import LOADS_KEPT, delete_loads

pytestmark = pytest.mark.slow


def test_old_loads_go_and_others_stay(tables):
    today = datetime.now(UTC).date()
    old, young = today - LOADS_KEPT - timedelta(days=1), today - LOADS_KEPT
    loads = Table(
        "Refined", "loads", "One row per title and load.", ("title_key", "load_date"),
        columns(("load_date", "date", "Its day"), ("title_key", "long", "The title")),
        partitioned_by=("load_date",),
    )  # fmt: skip
    for number, day in enumerate((old, young)):
        rows = tables.spark.createDataFrame([(day, number)], loads.ddl)
        tables.stage(loads, rows, f"load_date = date'{day}'")
        tables.publish()
    assert not delete_loads(tables, loads, timedelta(days=9_999))
    assert delete_loads(tables, loads, LOADS_KEPT)
    assert rows_of(tables, loads) == [{"load_date": young, "title_key": 1}]
    assert not delete_loads(tables, loads, LOADS_KEPT)
