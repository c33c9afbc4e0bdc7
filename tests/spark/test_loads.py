"""Loads whose figures from TMDB are too old to keep."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from support.lakes import rows_of

from datalake.cli.maintenance import maintain
from datalake.schemas.refined import FACT_TITLE
from datalake.spark.loads import LOADS_KEPT, TMDB_COLUMNS, forget_tmdb

pytestmark = pytest.mark.slow

IMDB = {"title_key": 1, "imdb_rating": 7.5, "imdb_votes": 900, "start_year_key": 1999}
TMDB = {"tmdb_rating": 7.0, "tmdb_votes": 80, "popularity": 1.5, "budget": 9, "seasons": 2}
TMDB |= {"runtime_minutes": 90, "fetched_at": datetime(2026, 1, 2, 3, 4, 5)}
NOTHING = dict.fromkeys(column.name for column in TMDB_COLUMNS)


def put_load(tables, day):
    figures = {"load_date": day, "imdb_day": day, **IMDB, **TMDB}
    row = tuple(figures.get(name) for name in FACT_TITLE.names)
    rows = tables.spark.createDataFrame([row], FACT_TITLE.ddl)
    tables.stage(FACT_TITLE, rows, f"load_date = date'{day}'")
    tables.publish()


def test_tmdb_s_figures_of_old_loads_are_forgotten_and_imdb_s_stay(tables):
    today = datetime.now(UTC).date()
    old, young = today - LOADS_KEPT - timedelta(days=1), today - LOADS_KEPT
    assert not forget_tmdb(tables)
    put_load(tables, old)
    put_load(tables, young)
    before = {row["load_date"]: row for row in rows_of(tables, FACT_TITLE)}
    assert not forget_tmdb(tables, timedelta(days=9_999))
    assert forget_tmdb(tables, dry_run=True)
    assert {row["load_date"]: row for row in rows_of(tables, FACT_TITLE)} == before
    assert forget_tmdb(tables)
    after = {row["load_date"]: row for row in rows_of(tables, FACT_TITLE)}
    assert after == {young: before[young], old: before[old] | NOTHING}
    assert after[old]["imdb_votes"] == 900
    assert not forget_tmdb(tables)


def test_maintain_forgets_them_and_says_so(tables, monkeypatch):
    monkeypatch.setattr("datalake.spark.opening.open_tables", lambda *_: nullcontext(tables))
    put_load(tables, datetime.now(UTC).date() - LOADS_KEPT - timedelta(days=1))
    lake = ["--lake", tables.lake.storage.url("")]
    message = "Refined.fact_title: TMDB's figures of loads older than 60 days"
    dry = CliRunner().invoke(maintain, [*lake, "--dry-run"])
    assert f"{message} would be removed" in dry.output
    assert rows_of(tables, FACT_TITLE)[0]["budget"] == 9
    done = CliRunner().invoke(maintain, lake)
    assert f"{message} removed" in done.output
    assert rows_of(tables, FACT_TITLE)[0]["budget"] is None
