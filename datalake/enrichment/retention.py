"""Remove TMDB's answers that are too old to keep, and have their titles asked for again."""

from collections.abc import Generator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.enrichment.due import KEEP
from datalake.enrichment.ledger import lines_of, read_ledger, write_entries
from datalake.enrichment.record import Entry
from datalake.enrichment.spool import LEASE, alone, new_part_name, recover
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.raw import tmdb_folder


@dataclass(frozen=True)
class Purged:
    """What a purge removed, or would: files of Raw, answers in them, titles due again by that."""

    files: tuple[str, ...]
    answers: int
    due_again: int


def purge(
    lake: Lake, keep: timedelta = KEEP, now: datetime | None = None, dry_run: bool = False
) -> Purged:
    """Remove each file of answers of which the oldest is older than `keep`.

    A title whose newest answer goes becomes due; its TMDB id stays known. With `dry_run` only
    tell. `LakeError` where another run is at work.
    """
    now = now or datetime.now(UTC)
    with alone(lake), nullcontext() if dry_run else leased(lake.storage, LEASE, "purge"):
        if not dry_run:
            recover(lake)
        told = [_purge(lake, kind, now - keep, now, dry_run) for kind in Kind]
    return Purged(
        tuple(key for one in told for key in one.files),
        sum(one.answers for one in told),
        sum(one.due_again for one in told),
    )


def _purge(lake: Lake, kind: Kind, before: datetime, now: datetime, dry_run: bool) -> Purged:
    keys = [key for key in lake.storage.list(tmdb_folder(kind)) if key.endswith(".jsonl.gz")]
    old = tuple(key for key in keys if _begun(lake, key) < before)
    if not old:
        return Purged((), 0, 0)
    known = read_ledger(lake, kind).entries
    gone = [entry for key in old for entry in _entries(lake, key)]
    due = {entry.imdb_id: entry for entry in gone if _is_newest(entry, known)}
    if not dry_run:
        # Told first: a crash in between has a title asked for once more, and never forgets one.
        pending = (e._replace(outcome=Outcome.PENDING, at=now) for e in due.values())
        write_entries(lake, kind, new_part_name(), pending, covers=())
        for key in old:
            lake.storage.delete(key)
    return Purged(old, len(gone), len(due))


def _begun(lake: Lake, key: str) -> datetime:
    """When the file's first answer came: its folder's day may be another, by `--day`."""
    with closing(_entries(lake, key)) as entries:
        return next(entries).at


def _entries(lake: Lake, key: str) -> Generator[Entry, None, None]:
    for line in lines_of(lake, key):
        yield Entry.from_line(line)


def _is_newest(entry: Entry, known: dict[str, Entry]) -> bool:
    newest = known.get(entry.imdb_id)
    return newest is not None and (newest.at, newest.outcome) == (entry.at, entry.outcome)
