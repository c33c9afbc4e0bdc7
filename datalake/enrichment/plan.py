"""The plan of an enrichment run: due titles, from the ledger and TMDB's change lists."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from datalake.core.lake import Lake
from datalake.enrichment.change_lists import ChangeLists
from datalake.enrichment.due import due_titles
from datalake.enrichment.ledger import Ledger, read_ledger
from datalake.enrichment.summary import last_changes_until
from datalake.schemas.kinds import Kind


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
    change_lists: ChangeLists,
    ids_in_scope: Callable[[Kind], Iterable[str]],
    now: datetime,
    refresh_after: timedelta,
) -> Plan:
    """Read ledgers, change lists and the ids in scope.

    Change lists that can't be read don't keep other titles from being due; the next run reads
    them from the same day on. With nothing else due their `UnavailableError` is raised.
    """
    ledgers = {kind: read_ledger(lake, kind) for kind in Kind}
    since = last_changes_until(lake) or _oldest_response(ledgers.values(), now - refresh_after)
    due: dict[Kind, list[str]] = {}
    for kind, ledger in ledgers.items():
        changed: set[int] = set()
        if ledger.entries and since and since < now.date():
            changed = change_lists.changed_ids(kind, since, now.date())
        due[kind] = due_titles(ids_in_scope(kind), ledger.entries, now, changed, refresh_after)
    reasons = ", ".join(dict.fromkeys(error.reason for error in change_lists.failures))
    plan = Plan(now, due, ledgers, since, change_lists.pages, reasons)
    if change_lists.failures and not plan.size:
        raise change_lists.failures[0]
    return plan


def _oldest_response(ledgers: Iterable[Ledger], earliest: datetime) -> date | None:
    """Where no run has read change lists: the first day that matters; older titles are due."""
    times = [entry.at for ledger in ledgers for entry in ledger.entries.values()]
    return max(min(times), earliest).date() if times else None
