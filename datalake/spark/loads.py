"""Retention of TMDB's figures in the facts' loads: no longer than TMDB's terms allow."""

from datetime import UTC, datetime, timedelta

from pyspark.sql import functions as F

from datalake.schemas.refined import FACT_TITLE
from datalake.spark.tables import Tables

# The terms allow six months. A response is asked for again after 90 days, so a load's figures were
# up to 90 days old when it was built; weekly upkeep comes up to a week late, and expires the
# snapshot two to three weeks after that (docs/decisions/0027).
LOADS_KEPT = timedelta(days=60)

# Lengths, seasons and years on air are IMDb's or TMDB's: nothing says whose.
IMDB_COLUMNS = (
    *("load_date", "imdb_day", "title_key", "start_year_key", "end_year_key"),
    *("imdb_rating", "imdb_votes"),
)
TMDB_COLUMNS = tuple(column for column in FACT_TITLE.columns if column.name not in IMDB_COLUMNS)


def forget_tmdb(tables: Tables, keep: timedelta = LOADS_KEPT, dry_run: bool = False) -> bool:
    """Set TMDB's figures of loads older than `keep` to null; whether there were any.

    IMDb's figures stay, so that growth can be measured over years. A dry run changes nothing.
    """
    if not tables.has(FACT_TITLE):
        return False
    if not dry_run:
        tables.prepare(FACT_TITLE)
    is_old = f"load_date < DATE '{(datetime.now(UTC) - keep).date()}'"
    old_loads = tables.read(FACT_TITLE).where(is_old)
    has_figures = " OR ".join(f"{column.name} IS NOT NULL" for column in TMDB_COLUMNS)
    if old_loads.where(has_figures).isEmpty():
        return False
    if dry_run:
        return True
    nulls = {column.name: F.lit(None).cast(column.type) for column in TMDB_COLUMNS}
    with tables.step():
        tables.stage(FACT_TITLE, old_loads.withColumns(nulls), replace=is_old)
    return True
