"""Source files → Raw: copied as they are, once, each with a manifest beside it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.core.progress import Progress, silent
from datalake.sources.registry import check_same_source, source_in_folder
from datalake.sources.source import FileContents, FileSpec
from datalake.sources.source_file import SourceFile, folder_of_day, source_files


@dataclass(frozen=True)
class Ingested:
    """An ingested source file; `new` is false where Raw had these bytes already."""

    file: SourceFile
    new: bool


def ingest(
    lake: Lake, folder: Path, day: date | None = None, progress: Progress = silent
) -> list[Ingested]:
    """Copy the source files in `folder` into Raw, unless its newest have the same bytes.

    They are of that day, else of today in UTC. All are checked before the first is written;
    `InputError` says what is wrong with which.
    """
    day = day or datetime.now(UTC).date()
    source = source_in_folder(folder)
    contents = {spec: source.inspect(spec, folder / spec.name, progress) for spec in source.files}
    with leased(lake.storage, "raw", "ingest"):
        check_same_source(lake, source)
        return [
            _store(lake, spec, day, file_contents, folder / spec.name, progress)
            for spec, file_contents in contents.items()
        ]


def _store(
    lake: Lake, spec: FileSpec, day: date, contents: FileContents, path: Path, progress: Progress
) -> Ingested:
    earlier = [file for file in source_files(lake, spec) if file.day <= day]
    if earlier and earlier[-1].contents.sha256 == contents.sha256:
        return Ingested(earlier[-1], new=False)
    key = f"{folder_of_day(spec, day)}/{_name(spec, sum(file.day == day for file in earlier))}"
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    file = SourceFile(spec, day, key, contents, now)

    def report(done: int) -> None:
        progress(f"store {spec.name}", done, contents.size, "B")

    lake.storage.put_file(key, path, contents.sha256, report)
    with lake.storage.create(file.manifest_key) as manifest:
        manifest.write(file.to_json().encode())
    return Ingested(file, new=True)


def _name(spec: FileSpec, earlier: int) -> str:
    """`movies.csv`, or `movies.2.csv` where that day has one already."""
    stem, _, ending = spec.name.partition(".")
    return f"{stem}.{earlier + 1}.{ending}" if earlier else spec.name
