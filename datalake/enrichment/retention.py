"""Delete TMDB's responses that are older than its terms allow, and make their titles due."""

from collections.abc import Generator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from datalake.core.damage import report_damage
from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.enrichment.due import KEEP
from datalake.enrichment.ledger import RAW_REMEDY, lines_of, read_ledger, write_entries
from datalake.enrichment.record import Entry
from datalake.enrichment.spool import LEASE, new_part_name, recover, spool_lock
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.raw import tmdb_folder


@dataclass(frozen=True)
class Purged:
    """What a purge removed, or would: files of Raw, responses in them, titles that become due."""

    files: tuple[str, ...]
    responses: int
    due_again: int


def purge(
    lake: Lake, keep: timedelta = KEEP, now: datetime | None = None, dry_run: bool = False
) -> Purged:
    """Delete each file of Raw whose oldest response is older than `keep`.

    A title whose newest response goes becomes due; its TMDB id stays known. With `dry_run`
    nothing is deleted. `LakeError` where another run is at work.
    """
    now = now or datetime.now(UTC)
    with spool_lock(lake), nullcontext() if dry_run else leased(lake.storage, LEASE, "purge"):
        if not dry_run:
            recover(lake)
        by_kind = [_purge(lake, kind, now - keep, now, dry_run) for kind in Kind]
    return Purged(
        tuple(key for purged in by_kind for key in purged.files),
        sum(purged.responses for purged in by_kind),
        sum(purged.due_again for purged in by_kind),
    )


def _purge(lake: Lake, kind: Kind, before: datetime, now: datetime, dry_run: bool) -> Purged:
    keys = [key for key in lake.storage.list(tmdb_folder(kind)) if key.endswith(".jsonl.gz")]
    old_keys = tuple(key for key in keys if _is_older(lake, key, before))
    if not old_keys:
        return Purged((), 0, 0)
    newest = read_ledger(lake, kind).entries
    old_entries = [entry for key in old_keys for entry in _entries(lake, key)]
    due = {entry.imdb_id: entry for entry in old_entries if _is_newest(entry, newest)}
    if not dry_run:
        # The ledger first: a crash in between has a title asked for once more, never forgotten.
        pending = (entry._replace(outcome=Outcome.PENDING, at=now) for entry in due.values())
        write_entries(lake, kind, new_part_name(), pending, covers=())
        for key in old_keys:
            lake.storage.delete(key)
    return Purged(old_keys, len(old_entries), len(due))


def _is_older(lake: Lake, key: str, before: datetime) -> bool:
    """Whether the file's first response is older; its folder's day may differ, by `--day`."""
    with closing(_entries(lake, key)) as entries:
        oldest = next(entries, None)
        return oldest is not None and oldest.at < before


def _entries(lake: Lake, key: str) -> Generator[Entry, None, None]:
    with report_damage(lake.storage, key, RAW_REMEDY):
        for line in lines_of(lake, key):
            yield Entry.from_line(line)


def _is_newest(entry: Entry, entries: dict[str, Entry]) -> bool:
    newest = entries.get(entry.imdb_id)
    return newest is not None and (newest.at, newest.outcome) == (entry.at, entry.outcome)
