"""Fetches the loads that growth is measured between: the newest, and one before it a span."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from datalake.questions.loads import SPANS, Load, day_near_span
from datalake.questions.population import Keys
from datalake.schemas.query import Query
from datalake.statistics.estimate import Values

_MEASURES = ("imdb_votes", "imdb_rating", "tmdb_rating", "popularity", "start_year_key")
_EPOCH = datetime(1970, 1, 1)


def fetch_loads(query: Query, keys: Keys) -> tuple[Load, ...]:
    """The newest load and those near a span before it, newest first; none in an empty lake."""
    days = query("select distinct load_date from {fact_title} order by load_date desc").rows
    if not days:
        return ()
    newest, *earlier = [day for (day,) in days]
    chosen = {day_near_span(earlier, newest, span) for span in SPANS} - {None}
    if not chosen:
        return (Load(newest),)
    return (
        _load(query, newest, newest, keys),
        *(_load(query, day, newest, keys) for day in sorted(filter(None, chosen), reverse=True)),
    )


def _load(query: Query, day: date, newest: date, keys: Keys) -> Load:
    columns = ", ".join(("title_key", *_MEASURES, "imdb_day"))
    fetched_at = "substr(cast(fetched_at as string), 1, 19)"  # timestamps differ between engines
    last = keys[-1] if len(keys) else -1
    rows = query(
        f"select {columns}, {fetched_at} from {{fact_title}} join {{dim_title}} using (title_key)"
        f" where load_date = date '{day}' and in_scope and title_key <= {last} order by title_key"
    ).rows
    indices = np.searchsorted(keys, np.array([row[0] for row in rows], dtype=np.int64))
    measures = {name: np.full(len(keys), np.nan) for name in (*_MEASURES, "imdb_day", "fetched_at")}
    for column, values in enumerate(measures.values(), start=1):
        values[indices] = _numbers([row[column] for row in rows])
    measures["start_year"] = measures.pop("start_year_key")
    return Load(day, measures, _gone(query, day, newest) if day != newest else {})


def _numbers(cells: Sequence[Any]) -> Values:
    """Numbers, and days and times as days since 1970; NaN for null."""
    return np.array([_number(cell) for cell in cells], dtype=float)


def _number(cell: Any) -> float | None:
    if isinstance(cell, str):
        return (datetime.fromisoformat(cell) - _EPOCH).total_seconds() / 86_400
    return (cell - _EPOCH.date()).days if isinstance(cell, date) else cell


def _gone(query: Query, day: date, newest: date) -> dict[str, int]:
    """By kind: titles of that load, of any genre, that the newest load doesn't have."""
    keys = "select title_key from {fact_title} where load_date = date"
    return dict(
        query(
            f"select kind, count(*) from ({keys} '{day}' except {keys} '{newest}') as gone"
            " join {dim_title} using (title_key) where kind is not null group by kind"
        ).rows
    )
