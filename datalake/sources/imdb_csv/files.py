"""Source files → Raw: as they are, once, with a manifest that says what arrived."""

import codecs
import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from datalake.core.errors import InputError
from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.core.progress import Progress, silent
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header
from datalake.sources.imdb_csv.raw import FILE_NAMES, SourceFile, csv_folder, source_files

_CHUNK = 1 << 20
_BOM = b"\xef\xbb\xbf"
_SIGNATURES = {
    b"PK\x03\x04": "a zip archive or Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


@dataclass(frozen=True)
class Ingested:
    """What became of one source file; `new` is false where Raw had these bytes already."""

    snapshot: SourceFile
    new: bool


def ingest(
    lake: Lake, source: Path, day: date | None = None, progress: Progress = silent
) -> list[Ingested]:
    """Put the folder's movies.csv and series.csv into Raw, unless it has these bytes as newest.

    They are of that day, else of today in UTC.
    Both are checked before either is written; `InputError` says what is wrong with which.
    """
    day = day or datetime.now(UTC).date()
    files = {kind: source / FILE_NAMES[kind] for kind in Kind}
    found = [_inspect(kind, path, day, progress) for kind, path in files.items()]
    with leased(lake.storage, "raw", "ingest"):
        return [_store(lake, snapshot, files[snapshot.kind], progress) for snapshot in found]


def _inspect(kind: Kind, path: Path, day: date, progress: Progress) -> SourceFile:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            first = file.readline(_CHUNK)
            _check(path, kind, first)
            digest, text, newlines, last = hashlib.sha256(first), _Text(first), 0, b"\n"
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                text.check(chunk)
                newlines, last = newlines + chunk.count(b"\n"), chunk[-1:]
                progress(f"check {FILE_NAMES[kind]}", file.tell(), size)
    except OSError as error:
        raise InputError(f"{path}: can't read it: {error.strerror}; see --source") from error
    rows = newlines + (last != b"\n")
    if not rows:
        raise InputError(f"{path}: a header and no rows")
    return SourceFile(kind, day, "", size, digest.hexdigest(), rows, _text(first), "", text.damaged)


def _check(path: Path, kind: Kind, first: bytes) -> None:
    if not first:
        raise InputError(f"{path}: the file is empty")
    for signature, what in _SIGNATURES.items():
        if first.startswith(signature):
            raise InputError(f"{path}: this is {what}, not a CSV; export it as UTF-8 text with |")
    expected, found = header(kind), _text(first).split("|")
    if len(found) == 1:
        raise InputError(f"{path}: no | in the header; columns must be separated by |")
    if missing := [name for name in expected if name not in found]:
        raise InputError(f"{path}: no column {', '.join(missing)}; the header has {len(found)}")
    if extra := [name for name in found if name not in expected]:
        raise InputError(
            f"{path}: unknown column {', '.join(extra)}; {FILE_NAMES[kind]} has no such one"
        )
    if tuple(found) != expected:
        raise InputError(f"{path}: the columns are in another order than {'|'.join(expected)}")


def _text(first: bytes) -> str:
    return first.removeprefix(_BOM).rstrip(b"\r\n").decode("utf-8", errors="replace")


class _Text:
    """Whether chunks of a file are UTF-8 without NUL bytes, taken together."""

    def __init__(self, first: bytes) -> None:
        self.damaged = False
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.check(first)

    def check(self, chunk: bytes) -> None:
        """Take in one more chunk."""
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self.damaged = True
            self._decoder.reset()
        self.damaged = self.damaged or b"\0" in chunk


def _store(lake: Lake, found: SourceFile, path: Path, progress: Progress) -> Ingested:
    known = [snapshot for snapshot in source_files(lake, found.kind) if snapshot.day <= found.day]
    if known and known[-1].sha256 == found.sha256:
        return Ingested(known[-1], new=False)
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    key = f"{csv_folder(found.kind, found.day)}/{_name(known, found)}"
    snapshot = SourceFile(**vars(found) | {"key": key, "ingested_at": now})

    def told(done: int) -> None:
        progress(f"store {FILE_NAMES[found.kind]}", done, found.size)

    lake.storage.put_file(key, path, found.sha256, told)
    with lake.storage.create(f"{key}.manifest.json") as manifest:
        manifest.write(snapshot.to_json().encode())
    return Ingested(snapshot, new=True)


def _name(known: list[SourceFile], found: SourceFile) -> str:
    """`movies.csv`, or `movies.2.csv` where that day has one already."""
    number = sum(snapshot.day == found.day for snapshot in known) + 1
    stem, _, ending = FILE_NAMES[found.kind].partition(".")
    return FILE_NAMES[found.kind] if number == 1 else f"{stem}.{number}.{ending}"
