"""The plan of an enrichment run: due titles, from the ledger and TMDB's change lists."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from datalake.core.lake import Lake
from datalake.enrichment.due import due_titles
from datalake.enrichment.ledger import Ledger, read_ledger
from datalake.enrichment.summary import last_changes_until
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.retry import UnavailableError


@dataclass(frozen=True)
class Plan:
    """Due IMDb ids by kind, in order; `changes_failed` is why change lists weren't read, or ""."""

    at: datetime
    due: dict[Kind, list[str]]
    ledgers: dict[Kind, Ledger]
    changes_since: date | None
    change_pages: int
    changes_failed: str

    @property
    def size(self) -> int:
        """How many titles are due."""
        return sum(map(len, self.due.values()))


def make_plan(
    lake: Lake,
    client: TmdbClient,
    ids_in_scope: Callable[[Kind], Iterable[str]],
    now: datetime,
    refresh_after: timedelta,
) -> Plan:
    """Read ledgers, change lists and the ids in scope.

    Change lists that can't be read don't keep other titles from being due; the next run reads
    them from the same day on. With nothing else due their `UnavailableError` is raised.
    """
    requests_before = client.stats.requests
    ledgers = {kind: read_ledger(lake, kind) for kind in Kind}
    since = last_changes_until(lake) or _oldest_response(ledgers.values(), now - refresh_after)
    due: dict[Kind, list[str]] = {}
    failures: list[UnavailableError] = []
    for kind, ledger in ledgers.items():
        changed: set[int] = set()
        if ledger.entries and since and since < now.date():
            try:
                changed = client.changed_ids(kind, since, now.date())
            except UnavailableError as error:
                failures.append(error)
        due[kind] = due_titles(ids_in_scope(kind), ledger.entries, now, changed, refresh_after)
    change_pages = client.stats.requests - requests_before
    reasons = ", ".join(dict.fromkeys(error.reason for error in failures))
    plan = Plan(now, due, ledgers, since, change_pages, reasons)
    if failures and not plan.size:
        raise failures[0]
    return plan


def _oldest_response(ledgers: Iterable[Ledger], earliest: datetime) -> date | None:
    """Where no run has read change lists: the first day that matters; older titles are due."""
    times = [entry.at for ledger in ledgers for entry in ledger.entries.values()]
    return max(min(times), earliest).date() if times else None
