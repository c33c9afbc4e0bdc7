"""Iceberg's metadata of the lake's tables as readers are to see them, read without Spark."""

from collections.abc import Iterable
from typing import Any

from datalake.core import table_paths
from datalake.core.aws import translate_errors
from datalake.core.intent import SnapshotSwap, read_intent
from datalake.core.lake import Lake
from datalake.schemas import Table

_CURRENT = "current-snapshot-id"
Metadata = dict[str, Any]
Snapshot = dict[str, Any]


def read_metadata(lake: Lake, tables: Iterable[Table]) -> dict[Table, Metadata]:
    """Each table's newest metadata; tables never created are left out.

    A pending intent's snapshots count as current, so that readers see all tables or none of a run
    that died while publishing. `LakeError` where a file that the catalog names is missing.
    """
    tables = tuple(tables)
    keys = _keys_in_glue(lake, tables) if lake.on_s3 else _keys_in_folder(lake, tables)
    swaps = read_intent(lake.storage)
    return {
        table: _published(
            table_paths.read_metadata(lake, key),
            swaps.get(lake.table_name(table.layer, table.name)),
        )
        for table, key in keys.items()
    }


def _published(metadata: Metadata, swap: SnapshotSwap | None) -> Metadata:
    if swap is None:
        return metadata
    snapshot = swap.published(metadata.get(_CURRENT))
    return metadata | {_CURRENT: snapshot}


def current_snapshot(metadata: Metadata) -> Snapshot | None:
    """The table's current snapshot; None before the first one."""
    snapshots = {snapshot["snapshot-id"]: snapshot for snapshot in metadata.get("snapshots", ())}
    return snapshots.get(metadata.get(_CURRENT))


def _keys_in_folder(lake: Lake, tables: Iterable[Table]) -> dict[Table, str]:
    """Each table's newest metadata file."""
    keys = {
        table: table_paths.newest_metadata(lake, f"{table.layer}/{table.name}") for table in tables
    }
    return {table: key for table, key in keys.items() if key}


def _keys_in_glue(lake: Lake, tables: Iterable[Table]) -> dict[Table, str]:
    """Each table's newest metadata file, as the Glue catalog says."""
    glue, root = lake.aws.client("glue"), lake.storage.url("") + "/"
    urls: dict[tuple[str, str], str] = {}
    for database in {lake.database(table.layer) for table in tables}:
        with translate_errors(f"Glue's database {database}"):
            try:
                pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
                entries = [entry for page in pages for entry in page["TableList"]]
            except glue.exceptions.EntityNotFoundException:
                continue
        for entry in entries:
            urls[database, entry["Name"]] = entry["Parameters"].get("metadata_location", "")
    metadata_urls = {
        table: urls.get((lake.database(table.layer), table.name), "") for table in tables
    }
    return {t: url.removeprefix(root) for t, url in metadata_urls.items() if url.startswith(root)}
