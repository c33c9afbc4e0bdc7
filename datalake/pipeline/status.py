"""What a lake holds, read from its manifests and table metadata: no Spark needs to start."""

import json
from datetime import UTC, datetime
from typing import Any

from datalake.base.lake import Kind, Lake
from datalake.raw.summary import RUNS
from datalake.schemas import TABLES, Table


def status(lake: Lake) -> dict[str, Any]:
    """Snapshots, TMDB answers, tables with rows, files, bytes and age; the unbuilt are left out."""
    return {
        "lake": lake.storage.url(""),
        "snapshots": [
            {"id": s.id, "key": s.key, "rows": s.rows, "bytes": s.size, "at": s.ingested_at}
            for kind in Kind
            for s in lake.snapshots(kind)
        ],
        "tmdb": _tmdb(lake),
        "tables": [found for table in TABLES if (found := _table(lake, table))],
    }


def _tmdb(lake: Lake) -> dict[str, Any]:
    answers, runs = lake.answers(), lake.storage.list(RUNS)
    newest = None
    if runs:
        with lake.storage.open(runs[-1]) as file:
            newest = json.load(file)
    return {"files": len(answers), "newest_run": newest}


def _table(lake: Lake, table: Table) -> dict[str, Any] | None:
    """The current snapshot's totals, as Iceberg's metadata file tells them."""
    folder = f"{table.layer}/{table.name}/metadata"
    if f"{folder}/version-hint.text" not in lake.storage.list(folder):
        return None
    with lake.storage.open(f"{folder}/version-hint.text") as hint:
        version = hint.read().decode().strip()
    with lake.storage.open(f"{folder}/v{version}.metadata.json") as file:
        metadata = json.load(file)
    current = metadata.get("current-snapshot-id")
    snapshot = next((s for s in metadata["snapshots"] if s["snapshot-id"] == current), None)
    if snapshot is None:
        return None
    summary = snapshot["summary"]
    return {
        "table": f"{table.layer}.{table.name}",
        "rows": int(summary["total-records"]),
        "files": int(summary["total-data-files"]),
        "bytes": int(summary["total-files-size"]),
        "at": datetime.fromtimestamp(snapshot["timestamp-ms"] / 1000, UTC).isoformat(),
    }
