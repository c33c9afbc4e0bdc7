"""The ledger: each title's newest outcome, in small files, so that no body needs to be read.

Raw/TMDB/Ledger/{Movies,Series}/<part>.jsonl.gz   first line: the parts of Raw it covers;
                                                  then one entry a line
Raw/TMDB/Ledger/Runs/<time>.json                  the summary of a run

A part of Raw that no ledger file covers (lost, or a crash came between the two) is read
itself, so no response in Raw is ever asked for again.
"""

import gzip
import json
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from datalake.core.damage import checked, report_damage
from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.enrichment.record import Entry
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.raw import tmdb_folder

_FOLDER = "Raw/TMDB/Ledger"
_REMEDY = "delete it, the ledger is rebuilt from Raw"
RAW_REMEDY = f"delete it and the folder {_FOLDER}: its titles are asked for again"
_MAX_FILES = 32  # reading each costs a request on S3


@dataclass(frozen=True)
class Ledger:
    """The newest entry of each title of one kind, by IMDb id, and where that was read."""

    kind: Kind
    entries: dict[str, Entry]
    covered: frozenset[str]
    files: tuple[str, ...]
    complete: bool  # false where parts of Raw had to be read instead


def ledger_folder(kind: Kind) -> str:
    """Where the ledger of that kind lies."""
    return f"{_FOLDER}/{kind.folder}"


def read_ledger(lake: Lake, kind: Kind) -> Ledger:
    """The newest entry of every title of that kind; `LakeError` names a damaged file."""
    files = tuple(lake.storage.list(ledger_folder(kind)))
    entries: dict[str, Entry] = {}
    covered: set[str] = set()
    for key in files:
        with report_damage(lake.storage, key, _REMEDY):
            lines = lines_of(lake, key)
            stems = checked(json.loads(next(lines, b"[]")), list)
            covered.update(checked(stem, str) for stem in stems)
            _keep_newest(entries, lines)
    keys = lake.storage.list(tmdb_folder(kind))
    parts = {_stem(key): key for key in keys if key.endswith(".jsonl.gz")}
    for stem in sorted(parts.keys() - covered):
        with report_damage(lake.storage, parts[stem], RAW_REMEDY):
            _keep_newest(entries, lines_of(lake, parts[stem]))
    # What was purged from Raw needs no cover any more.
    return Ledger(kind, entries, frozenset(parts), files, parts.keys() <= covered)


def write_entries(
    lake: Lake, kind: Kind, stem: str, entries: Iterable[Entry], covers: Collection[str]
) -> str:
    """Write one ledger file and return its key."""
    key = f"{ledger_folder(kind)}/{stem}.jsonl.gz"
    with (
        lake.storage.create(key) as file,
        gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed,
    ):
        packed.write(json.dumps(sorted(covers)).encode() + b"\n")
        packed.writelines(entry.to_line(kind) + b"\n" for entry in entries)
    return key


def compact(lake: Lake, ledger: Ledger, stem: str) -> None:
    """Write one file for many, or for what only Raw has; a crash leaves old and new, equal."""
    if ledger.complete and len(ledger.files) <= _MAX_FILES:
        return
    new_key = write_entries(lake, ledger.kind, stem, ledger.entries.values(), ledger.covered)
    for key in ledger.files:
        if key != new_key:
            lake.storage.delete(key)


def lines_of(lake: Lake, key: str) -> Iterator[bytes]:
    """The lines of a gzipped file of the ledger or of Raw; `LakeError` where it is damaged."""
    with lake.storage.open(key) as stream, gzip.GzipFile(fileobj=stream) as lines:
        try:
            yield from lines
        except (EOFError, OSError, zlib.error) as error:
            remedy = _REMEDY if key.startswith(_FOLDER) else RAW_REMEDY
            raise LakeError(f"{lake.storage.url(key)}: damaged; {remedy}") from error


def _keep_newest(entries: dict[str, Entry], lines: Iterable[bytes]) -> None:
    for line in lines:
        entry = Entry.from_line(line)
        newest = entries.get(entry.imdb_id)
        if newest is None or entry.at >= newest.at:
            entries[entry.imdb_id] = entry


def _stem(key: str) -> str:
    return PurePosixPath(key).name.partition(".")[0]
