"""What a lake holds, read from its manifests and table metadata: no Spark needs to start."""

import json
from datetime import UTC, datetime
from typing import Any

from datalake.core.aws import translate_errors
from datalake.core.lake import Lake
from datalake.core.table_paths import newest_metadata
from datalake.enrichment.summary import RUNS
from datalake.questions.registry import TABLES
from datalake.schemas import Table
from datalake.sources import registry
from datalake.sources.source_file import source_files
from datalake.sources.tmdb.raw import response_files


def read_status(lake: Lake) -> dict[str, Any]:
    """Source files, TMDB responses, and each built table's rows, files, bytes and age."""
    return {
        "lake": lake.storage.url(""),
        "source_files": [
            {
                "id": file.id,
                "key": file.key,
                "rows": file.rows,
                "bytes": file.contents.size,
                "at": file.ingested_at,
            }
            for source in registry.SOURCES
            for spec in source.files
            for file in source_files(lake, spec)
        ],
        "tmdb": _tmdb(lake),
        "tables": _tables(lake),
    }


def _tmdb(lake: Lake) -> dict[str, Any]:
    responses, runs = response_files(lake), lake.storage.list(RUNS)
    newest = None
    if runs:
        with lake.storage.open(runs[-1]) as file:
            newest = json.load(file)
    return {"files": len(responses), "newest_run": newest}


def _tables(lake: Lake) -> list[dict[str, Any]]:
    keys = _in_glue(lake) if lake.on_s3 else _in_folder(lake)
    return [summary for table, key in keys.items() if (summary := _table(lake, table, key))]


def _in_folder(lake: Lake) -> dict[Table, str]:
    """Each table's newest metadata file."""
    keys = {table: newest_metadata(lake, f"{table.layer}/{table.name}") for table in TABLES}
    return {table: key for table, key in keys.items() if key}


def _in_glue(lake: Lake) -> dict[Table, str]:
    """Each table's newest metadata file, as the Glue catalog tells."""
    glue, root = lake.aws.client("glue"), lake.storage.url("") + "/"
    places = {}
    for database in {lake.database(table.layer) for table in TABLES}:
        with translate_errors(f"Glue's database {database}"):
            try:
                pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
                tables = [table for page in pages for table in page["TableList"]]
            except glue.exceptions.EntityNotFoundException:
                continue
        for table in tables:
            places[database, table["Name"]] = table["Parameters"].get("metadata_location", "")
    located = {table: places.get((lake.database(table.layer), table.name), "") for table in TABLES}
    return {t: url.removeprefix(root) for t, url in located.items() if url.startswith(root)}


def _table(lake: Lake, table: Table, key: str) -> dict[str, Any] | None:
    """The current snapshot's totals, and the snapshots it can be set back to, newest first."""
    with lake.storage.open(key) as file:
        metadata = json.load(file)
    snapshots = {entry["snapshot-id"]: entry for entry in metadata.get("snapshots", ())}
    current = snapshots.get(metadata.get("current-snapshot-id"))
    if current is None:
        return None
    summary = current["summary"]
    logged = [entry["snapshot-id"] for entry in reversed(metadata["snapshot-log"])]
    return {
        "table": f"{table.layer}.{table.name}",
        "rows": int(summary["total-records"]),
        "files": int(summary["total-data-files"]),
        "bytes": int(summary["total-files-size"]),
        "at": _at(current),
        "snapshots": [
            {
                "id": id,
                "at": _at(snapshots[id]),
                "rows": int(snapshots[id]["summary"]["total-records"]),
            }
            for id in dict.fromkeys(logged)
            if id in snapshots
        ],
    }


def _at(snapshot: dict[str, Any]) -> str:
    return datetime.fromtimestamp(snapshot["timestamp-ms"] / 1000, UTC).isoformat()
