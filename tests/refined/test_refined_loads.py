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

    def load(day, *titles):
        """Each load's votes by title, once Refined is built of these titles."""
        publish_trusted(tables, day, titles=titles)
        build_refined(tables, settings)
        ids = {row["title_key"]: row["title_id"] for row in rows_of(tables, DIM_TITLE)}
        loads = {}
        for row in rows_of(tables, FACT_TITLE):
            votes = loads.setdefault(str(row["load_date"]), {})
            votes[ids[row["title_key"]]] = row["imdb_votes"]
        return loads

    flight, other = FLIGHT | {"imdb_votes": 100}, TITLES[1]
    first = {FLIGHT["title_id"]: 100, other["title_id"]: other["imdb_votes"]}
    assert load(date(2026, 1, 10), flight, other) == {"2026-01-10": first}
    # A title that leaves the files stays in its loads, and in the dimension.
    for votes in (150, 160):
        loads = load(date(2026, 2, 10), FLIGHT | {"imdb_votes": votes})
        assert loads == {"2026-01-10": first, "2026-02-10": {FLIGHT["title_id"]: votes}}


def test_without_trusted_the_step_says_what_to_run(spark, tmp_path):
    settings = settings_at(tmp_path / "lake")
    with pytest.raises(LakeError, match=r"no table Trusted\.titles; run: datalake trusted$"):
        build_refined(tables_of(settings), settings)
