"""Which titles are due to be asked for, why, and in which order."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum

from datalake.core.options import REFRESH_AFTER
from datalake.enrichment.record import Entry
from datalake.sources.tmdb.outcome import Outcome

KEEP = timedelta(days=180)  # TMDB's terms: nothing is kept longer than six months
ASK_AGAIN_AFTER = timedelta(days=30)  # titles TMDB didn't have, or had as the other kind
_FIRST_DELAY = timedelta(minutes=10)
_LONGEST_DELAY = timedelta(days=7)


class DueReason(IntEnum):
    """Why a title is due; the lower comes first."""

    NEW = 0
    FAILED = 1
    CHANGED = 2
    OLD = 3
    MISSED = 4


def due_reason(
    entry: Entry | None,
    now: datetime,
    changed: Collection[int] = (),
    refresh_after: timedelta = REFRESH_AFTER.default,
) -> DueReason | None:
    """Why a title with this `entry` in the ledger is due at `now`; None where it isn't."""
    if entry is None or entry.outcome is Outcome.PENDING:
        return DueReason.NEW
    age = now - entry.at
    match entry.outcome:
        case Outcome.FAILED:
            return DueReason.FAILED if age >= retry_delay(entry.attempts) else None
        case Outcome.FOUND:
            # Change lists know days only: what was fetched today is asked again tomorrow at most.
            if entry.tmdb_id in changed and entry.at.date() < now.date():
                return DueReason.CHANGED
            return DueReason.OLD if age >= min(refresh_after, KEEP) else None
        case _:
            return DueReason.MISSED if age >= ASK_AGAIN_AFTER else None


def retry_delay(attempts: int) -> timedelta:
    """Exponential backoff of a title that failed so often in a row, from 10 minutes to a week."""
    doublings = max(0, min(attempts - 1, 16))
    return min(_FIRST_DELAY * (1 << doublings), _LONGEST_DELAY)


def due_titles(
    ids: Iterable[str],
    entries: Mapping[str, Entry],
    now: datetime,
    changed: Collection[int] = (),
    refresh_after: timedelta = REFRESH_AFTER.default,
) -> list[str]:
    """The ids due at `now`: the new first, then in the order of `DueReason`, else as they came."""
    by_reason: dict[DueReason, list[str]] = {reason: [] for reason in DueReason}
    for imdb_id in ids:
        reason = due_reason(entries.get(imdb_id), now, changed, refresh_after)
        if reason is not None:
            by_reason[reason].append(imdb_id)
    return [imdb_id for reason in DueReason for imdb_id in by_reason[reason]]
