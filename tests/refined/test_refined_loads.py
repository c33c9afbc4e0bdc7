"""A day's load of the facts: replaced on its day, kept beside those of other days."""

from datetime import date

import pytest
from support.known_trusted import (
    FLIGHT,
    TITLES,
)
from support.lakes import rows_of, settings_at, tables_of
from support.trusted_rows import publish_trusted

from datalake.core.errors import LakeError
from datalake.pipeline.refined import build_refined
from datalake.schemas.refined import (
    DIM_TITLE,
    FACT_TITLE,
)

pytestmark = pytest.mark.slow


def test_another_day_is_another_load_and_the_same_day_replaces(spark, tmp_path):
    settings = settings_at(tmp_path / "lake")
    tables = tables_of(settings)

    def load(day, votes):
        publish_trusted(tables, day, titles=[FLIGHT | {"imdb_votes": votes}])
        build_refined(tables, settings)
        loads = rows_of(tables, FACT_TITLE)
        return [(str(row["load_date"]), row["imdb_votes"]) for row in loads]

    assert load(date(2026, 1, 10), 100) == [("2026-01-10", 100)]
    both = [("2026-01-10", 100), ("2026-02-10", 150)]
    assert sorted(load(date(2026, 2, 10), 150)) == both
    assert sorted(load(date(2026, 2, 10), 160)) == [both[0], ("2026-02-10", 160)]
    assert len(rows_of(tables, DIM_TITLE)) == 2


def test_a_title_that_leaves_the_files_stays_in_its_loads(spark, tmp_path):
    settings = settings_at(tmp_path / "lake")
    tables = tables_of(settings)
    publish_trusted(tables, date(2026, 1, 10), titles=TITLES[:2])
    build_refined(tables, settings)
    publish_trusted(tables, date(2026, 2, 10), titles=TITLES[:1])
    build_refined(tables, settings)
    keys = {row["title_key"] for row in rows_of(tables, FACT_TITLE)}
    assert len(keys) == 2
    assert keys <= {row["title_key"] for row in rows_of(tables, DIM_TITLE)}


def test_without_trusted_the_step_says_what_to_run(spark, tmp_path):
    settings = settings_at(tmp_path / "lake")
    with pytest.raises(LakeError, match=r"no table Trusted\.titles; run: datalake trusted$"):
        build_refined(tables_of(settings), settings)
