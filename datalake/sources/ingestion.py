"""Source files → Raw: copied as they are, once, each with a manifest beside it."""

import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.core.made_up import MADE_UP
from datalake.core.progress import Progress, silent
from datalake.sources.gzip_files import data_lines
from datalake.sources.registry import source_in_folder
from datalake.sources.source import FileContents, FileSpec, TitleSource
from datalake.sources.source_file import SourceFile, folder_of_day, source_files
from datalake.sources.source_of_lake import choose_source, chosen_source, sources_in_raw

# A file that was written to just now may be written to again within the same tick of its clock.
_SETTLED_AFTER_NS = 2_000_000_000
INGESTED = "Publishing/ingested.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ingested:
    """An ingested source file; `new` is false where Raw had these bytes already."""

    file: SourceFile
    new: bool


def ingest(  # noqa: PLR0913 - each is the caller's choice
    lake: Lake,
    folder: Path,
    day: date | None = None,
    progress: Progress = silent,
    source_name: str | None = None,
    tell: Callable[[str], object] = _log.warning,
    force: bool = False,
) -> list[Ingested]:
    """Copy the source files in `folder` into Raw, but for those whose newest there is the same.

    They are of that day, else of today in UTC. All are checked before the first is written;
    `InputError` says what is wrong with which. A lake of another source changes to this one only
    where `source_name` asks for it; `tell` gets a line on what that means. A file with the size and
    modification time of its newest in Raw is not read again, unless `force`.
    """
    day = day or datetime.now(UTC).date()
    source = source_in_folder(folder, source_name)
    contents = {}
    for spec in source.files:
        path = folder / spec.name
        known = None if force else _known_contents(lake, spec, day, path)
        contents[spec] = known or _inspect(source, spec, path, progress)

    def compare() -> list[Ingested]:
        return [_as_ingested(lake, spec, day, contents[spec]) for spec in source.files]

    ingested = compare()
    if not any(outcome.new for outcome in ingested) and not _previous_source(
        lake, source, day, source_name
    ):
        return ingested
    with leased(lake.storage, "raw", "ingest"):
        previous = _previous_source(lake, source, day, source_name)
        if previous:
            choose_source(lake, previous, date.min)  # still the choice if this run is killed
        ingested = compare()
        for outcome in ingested:
            if outcome.new:
                _store(lake, source, outcome.file, folder / outcome.file.spec.name, progress)
        if previous:
            choose_source(lake, source, day)
            tell(
                f"from {day} on this lake's titles are of {source.name}, before of {previous.name}:"
                " the next run builds every table anew from it; earlier loads of fact_title stay"
            )
        if any(outcome.new for outcome in ingested):
            _write_ingested(lake, ingested)
    return ingested


def _known_contents(lake: Lake, spec: FileSpec, day: date, path: Path) -> FileContents | None:
    """The contents of the newest file in Raw, if this one has its size and modification time."""
    status = path.stat()
    for file in _files_until(lake, spec, day)[-1:]:
        if (file.contents.size, file.contents.modified_ns) == (status.st_size, status.st_mtime_ns):
            return file.contents
    return None


def _inspect(source: TitleSource, spec: FileSpec, path: Path, progress: Progress) -> FileContents:
    """The contents that the source's check finds, with the modification time from before it."""
    modified_ns = path.stat().st_mtime_ns
    contents = source.inspect(spec, path, progress)
    is_settled = time.time_ns() - modified_ns > _SETTLED_AFTER_NS
    return replace(
        contents,
        modified_ns=modified_ns if is_settled else 0,
        made_up=(path.parent / MADE_UP).exists(),
    )


def _files_until(lake: Lake, spec: FileSpec, day: date) -> list[SourceFile]:
    return [file for file in source_files(lake, spec) if file.day <= day]


def _write_ingested(lake: Lake, ingested: list[Ingested]) -> None:
    """Write the list of ingested files, after all of them: on AWS its creation can start a run."""
    ids = [outcome.file.id for outcome in ingested]
    with lake.storage.create(INGESTED) as file:
        file.write(json.dumps({"files": ids}, indent=2).encode())


def _previous_source(
    lake: Lake, source: TitleSource, day: date, source_name: str | None
) -> TitleSource | None:
    """The source that this one replaces; `LakeError` where `source_name` doesn't ask for that."""
    others = [other for other in sources_in_raw(lake) if other.name != source.name]
    if not others:
        return None
    previous = chosen_source(lake, day) or others[0]
    if previous.name == source.name:
        return None
    if source_name is None:
        raise LakeError(
            f"{lake.storage.url('Raw')}: its titles are of {previous.name}; to go on with those of"
            f" {source.name}, add --format {source.name}, or ingest into another --lake"
        )
    return previous


def _as_ingested(lake: Lake, spec: FileSpec, day: date, contents: FileContents) -> Ingested:
    """The newest file in Raw where it has these bytes, else the file to store."""
    earlier = _files_until(lake, spec, day)
    if earlier and earlier[-1].contents.sha256 == contents.sha256:
        return Ingested(earlier[-1], new=False)
    key = f"{folder_of_day(spec, day)}/{_name(spec, sum(file.day == day for file in earlier))}"
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    return Ingested(SourceFile(spec, day, key, contents, now), new=True)


def _store(
    lake: Lake, source: TitleSource, file: SourceFile, path: Path, progress: Progress
) -> None:
    """Write the list of ids, the file, and last its manifest: a file without one doesn't count."""

    def report(work: str, done: int) -> None:
        progress(f"{work} {file.spec.name}", done, file.contents.size, "B")

    if source.write_ids and file.spec.has_ids:
        with lake.storage.create(file.ids_key) as ids:
            source.write_ids(data_lines(path, partial(report, "list ids of")), ids)
    lake.storage.put_file(file.key, path, file.contents.sha256, partial(report, "store"))
    with lake.storage.create(file.manifest_key) as manifest:
        manifest.write(file.to_json().encode())


def _name(spec: FileSpec, earlier: int) -> str:
    """`movies.csv`, or `movies.2.csv` where that day has one already."""
    return re.sub(r"(\.\w+(\.gz)?)$", rf".{earlier + 1}\1", spec.name) if earlier else spec.name
