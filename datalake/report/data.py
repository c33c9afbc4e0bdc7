"""The data that the page is rendered from, of bounded size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from datalake.schemas.table import Row


@dataclass(frozen=True)
class PageData:
    """Everything on the page; `answers`: rows by table name; `chart_data`: columns by name.

    `reconciliation`: one row per source file. `quarantine`: source, reason, rows. `coverage`: one
    row per kind, of TMDB's responses. `steps`: one row per kind: titles, in_scope, found, rated,
    budgeted, rated_by_imdb. `has_tmdb`: TMDB rates some of the titles in scope.
    """

    answers: Mapping[str, Sequence[Row]]
    chart_data: Mapping[str, Any]
    genres: Sequence[str]
    reconciliation: Sequence[Row]
    quarantine: Sequence[Row]
    coverage: Sequence[Row]
    steps: Sequence[Row]
    row_counts: Mapping[str, int]
    load_date: date | None
    tmdb_fetched_at: datetime | None
    has_tmdb: bool
    version: str

    @property
    def shown_steps(self) -> tuple[str, ...]:
        """The steps that the page shows."""
        on_tmdb = ("found", "rated", "budgeted") if self.has_tmdb else ("rated_by_imdb",)
        return ("titles", "in_scope", *on_tmdb)

    @property
    def made_up(self) -> bool:
        """Whether any of the titles are of a made-up sample."""
        return any(row["made_up"] for row in self.reconciliation)
