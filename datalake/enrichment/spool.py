"""The write-ahead spool: each response is a line on the local disk before it goes into Raw.

A line survives a killed process as soon as it is written. A full part goes to Raw, then to the
ledger, then leaves the spool. It has one name in all three, so publishing it again after a crash
is idempotent.
"""

import errno
import fcntl
import gzip
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import FileIO
from pathlib import Path

from datalake.core.damage import PARSING_ERRORS
from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.core.storage import LocalStorage
from datalake.enrichment.ledger import write_entries
from datalake.enrichment.record import Entry, has_body
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.raw import tmdb_folder

PART_RECORDS = 2_000
PART_BYTES = 16 << 20  # before compression


class Spool:
    """The records of one kind and day that aren't in Raw yet; for one thread at a time."""

    def __init__(self, lake: Lake, kind: Kind, day: date) -> None:
        self._lake = lake
        self._prefix = f"{kind}.{day.isoformat()}"
        self._file: FileIO | None = None
        self._records = self._bytes = 0

    def append(self, line: bytes) -> Path | None:
        """Write a record's line; the part's path once it is full, to be published."""
        with _translate_errors(self._lake):
            file = self._file or self._open()
            if file.write(line) != len(line):  # the disk is full
                file.seek(self._bytes)  # the next write overwrites the half line
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._records += 1
        self._bytes += len(line)
        is_full = self._records >= PART_RECORDS or self._bytes >= PART_BYTES
        return self.take() if is_full else None

    def take(self) -> Path | None:
        """Close the part; its path, to be published, or None where there is none."""
        if self._file is None:
            return None
        path = Path(os.fsdecode(self._file.name))
        self._file.close()
        self._file = None
        return path

    def _open(self) -> FileIO:
        path = spool_folder(self._lake) / f"{self._prefix}.{new_part_name()}.jsonl"
        self._file = FileIO(path, "x")  # a buffer would hold lines back
        self._records = self._bytes = 0
        return self._file


LEASE = "answers"
"""The lease of a run on TMDB's responses: no other machine asks for the same titles meanwhile."""


@contextmanager
def spool_lock(lake: Lake) -> Iterator[None]:
    """Hold this machine's lock on the lake's spool; it ends with the process.

    `LakeError` where another run holds it: two would ask for the same titles.
    """
    folder = spool_folder(lake)
    with _translate_errors(lake):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        if lake.on_s3 and os.fstat(descriptor).st_uid != os.getuid():
            raise LakeError(f"{folder}: belongs to another user; remove it")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LakeError(
                f"{lake.storage.url('Raw/TMDB')}: another run is at work on it; let it end first"
            ) from None
        yield
    finally:
        os.close(descriptor)


def parts_left(lake: Lake) -> list[Path]:
    """The parts in the spool: of a run at work, or left by a killed one."""
    return sorted(spool_folder(lake).glob("*.jsonl"))


def recover(lake: Lake) -> None:
    """Publish what a killed run left behind."""
    for path in parts_left(lake):
        publish(lake, path)


def publish(lake: Lake, path: Path) -> None:
    """Move a part into Raw, then into the ledger, then out of the spool."""
    kind, day, stem = _parse_name(path)
    newest = {entry.imdb_id: entry for entry in map(Entry.from_line, _whole_lines(path))}
    body_key = f"{tmdb_folder(kind, day)}/{stem}.jsonl.gz"
    if any(has_body(line) for line in _whole_lines(path)):
        with (
            lake.storage.create(body_key) as file,
            gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0, compresslevel=6) as packed,
        ):
            packed.writelines(line for line in _whole_lines(path) if has_body(line))
    if newest:
        write_entries(lake, kind, stem, newest.values(), covers=[stem])
    path.unlink()


def new_part_name() -> str:
    """A name that no other part has; names sort by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"


def spool_folder(lake: Lake) -> Path:
    """Inside a local lake; for one on S3, in this machine's temporary folder."""
    if isinstance(lake.storage, LocalStorage):
        return Path(lake.storage.url("Raw/TMDB/Spool"))
    name = hashlib.sha256(lake.root.encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"datalake-{os.getuid()}-{name}"


def _parse_name(path: Path) -> tuple[Kind, date, str]:
    """A part's kind, day and stem; `LakeError` where the file is not named like a part."""
    try:
        kind, day, stem, _ = path.name.split(".")
        return Kind(kind), date.fromisoformat(day), stem
    except ValueError as error:
        raise LakeError(f"{path}: not a part of the spool; move it elsewhere") from error


def _whole_lines(path: Path) -> Iterator[bytes]:
    """The file's lines, without what a kill or a loss of power cut short or damaged."""
    with path.open("rb") as lines:
        yield from (line for line in lines if line.endswith(b"}\n") and _has_entry(line))


def _has_entry(line: bytes) -> bool:
    try:
        Entry.from_line(line)
    except PARSING_ERRORS:
        return False
    return True


@contextmanager
def _translate_errors(lake: Lake) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LakeError(f"{spool_folder(lake)}: can't write: {error.strerror}") from error
