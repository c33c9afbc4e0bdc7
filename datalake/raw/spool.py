"""Answers on their way into Raw: one line each on the local disk, then a part at a time.

A line is safe from a killed process as soon as it is written. A part goes to Raw, then to the
ledger, then leaves the spool; it bears one name in all three, so a part that is published again
by the run after a crash replaces itself.
"""

import fcntl
import gzip
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from datalake.base.errors import LakeError
from datalake.base.lake import Kind, Lake
from datalake.base.storage import LocalStorage
from datalake.raw.ledger import write_entries
from datalake.raw.record import Entry, Record, has_body

PART_RECORDS = 2_000
PART_BYTES = 16 << 20  # before compression


class Spool:
    """The records of one kind and day that aren't in Raw yet; for one thread."""

    def __init__(self, lake: Lake, kind: Kind, day: date) -> None:
        self._lake = lake
        self._prefix = f"{kind}.{day.isoformat()}"
        self._path = Path()
        self._file: IO[bytes] | None = None
        self._records = self._bytes = 0

    def append(self, record: Record) -> None:
        """Keep the record; a full part is published at once."""
        line = record.to_line()
        with _clear_errors(self._lake):
            file = self._file or self._open()
            file.write(line)
            file.flush()
        self._records += 1
        self._bytes += len(line)
        if self._records >= PART_RECORDS or self._bytes >= PART_BYTES:
            self.publish()

    def publish(self) -> None:
        """Move what is kept into Raw and the ledger; nothing happens where nothing is."""
        if self._file is not None:
            _publish(self._lake, self._path)
            self._file.close()
            self._file = None

    def _open(self) -> IO[bytes]:
        folder = spool_folder(self._lake)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.getuid():
            raise LakeError(f"{folder}: belongs to another user; remove it")
        self._path = folder / f"{self._prefix}.{new_stem()}.jsonl"
        # Locked before it bears the name by which another run finds it.
        nameless = self._path.with_suffix(".new")
        file = self._file = nameless.open("xb")
        _lock(file)
        nameless.rename(self._path)
        self._records = self._bytes = 0
        return file


def recover(lake: Lake) -> None:
    """Publish what a killed run left behind; the parts of a run still at work are let be."""
    for path in sorted(spool_folder(lake).glob("*.jsonl")):
        # A run that ends meanwhile takes its file away.
        with suppress(FileNotFoundError), path.open("rb") as file:
            if _lock(file) and path.exists():
                _publish(lake, path)


def new_stem() -> str:
    """A name that no other part has; names sort by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"


def spool_folder(lake: Lake) -> Path:
    """Inside a local lake; for one on S3, in this machine's temporary folder."""
    if isinstance(lake.storage, LocalStorage):
        return Path(lake.storage.url("Raw/TMDB/Spool"))
    name = hashlib.sha256(lake.root.encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"datalake-{os.getuid()}-{name}"


def _publish(lake: Lake, path: Path) -> None:
    kind_name, day, stem, _ = path.name.split(".")
    kind = Kind(kind_name)
    entries = [Entry.from_line(line) for line in _whole_lines(path)]
    body_key = f"{lake.tmdb_folder(kind, date.fromisoformat(day))}/{stem}.jsonl.gz"
    if any(has_body(line) for line in _whole_lines(path)):
        with (
            lake.storage.create(body_key) as file,
            gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0, compresslevel=6) as packed,
        ):
            packed.writelines(line for line in _whole_lines(path) if has_body(line))
    if entries:
        write_entries(lake, kind, stem, entries, covers=[stem])
    path.unlink()


def _whole_lines(path: Path) -> Iterator[bytes]:
    """The file's lines, without one that a kill cut short."""
    with path.open("rb") as lines:
        yield from (line for line in lines if line.endswith(b"\n"))


def _lock(file: IO[bytes]) -> bool:
    """Whether this process holds the file now; the lock ends with the process."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _clear_errors(lake: Lake) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LakeError(f"{spool_folder(lake)}: can't write: {error.strerror}") from error
