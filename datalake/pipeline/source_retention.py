"""Deletes old source files, except the newest of each kind and those that Trusted was built of."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.pipeline.up_to_date import PROPERTY
from datalake.schemas import TRUSTED
from datalake.sources import registry
from datalake.sources.source_file import SourceFile, source_files
from datalake.sql.table_metadata import read_metadata

KEEP_SOURCES = timedelta(days=30)
"""How long the weekly job on AWS keeps them; elsewhere nothing goes unasked."""


def purge_source_files(
    lake: Lake, keep: timedelta, now: datetime | None = None, dry_run: bool = False
) -> list[SourceFile]:
    """Delete the source files of Raw of days older than `keep`; those that went, the oldest first.

    The newest of each kind stays, and so does each that a snapshot of a Trusted table names: a
    table that can be set back can be built again. With `dry_run` nothing is deleted. `LakeError`
    where an ingestion is at work.
    """
    first_day = ((now or datetime.now(UTC)) - keep).date()
    with leased(lake.storage, "raw", "purge"):
        kept = set(_files_of_snapshots(lake))
        old = [
            file
            for source in registry.SOURCES
            for spec in source.files
            for file in source_files(lake, spec)[:-1]
            if file.day < first_day and file.id not in kept
        ]
        if not dry_run:
            for file in old:
                _delete(lake, file)
    return sorted(old, key=lambda file: file.day)


def _delete(lake: Lake, file: SourceFile) -> None:
    """The manifest goes last: where this is killed, the next run finds the file again."""
    for key in (file.key, file.ids_key, file.manifest_key):
        lake.storage.delete(key)


def _files_of_snapshots(lake: Lake) -> Iterator[str]:
    """The ids of the source files that any snapshot of Trusted was built of."""
    for metadata in read_metadata(lake, TRUSTED).values():
        for snapshot in metadata.get("snapshots", ()):
            yield from _files_in(snapshot.get("summary", {}).get(PROPERTY, ""))


def _files_in(inputs: str) -> Iterable[str]:
    """The source files among a step's recorded inputs; none where they aren't told."""
    with suppress(ValueError, TypeError, KeyError):
        return [str(id) for id in json.loads(inputs)["files"]]
    return ()
