"""What a lake holds, read from its manifests and table metadata: no Spark needs to start."""

from datetime import UTC, datetime, timedelta
from typing import Any

from datalake.core.lake import Lake
from datalake.core.table_paths import report_metadata_damage
from datalake.enrichment.summary import newest_summary
from datalake.questions.registry import TABLES
from datalake.schemas import Table
from datalake.sources import registry
from datalake.sources.source_file import source_files
from datalake.sources.tmdb.raw import response_files
from datalake.sql.table_metadata import Metadata, Snapshot, current_snapshot, read_metadata

_EPOCH = datetime.fromtimestamp(0, UTC)


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
            for spec in registry.all_files()
            for file in source_files(lake, spec)
        ],
        "tmdb": _tmdb(lake),
        "tables": _tables(lake),
    }


def _tmdb(lake: Lake) -> dict[str, Any]:
    return {"files": len(response_files(lake)), "newest_run": newest_summary(lake)}


def _tables(lake: Lake) -> list[dict[str, Any]]:
    states = []
    for table, metadata in read_metadata(lake, TABLES).items():
        with report_metadata_damage(lake, f"{table.layer}/{table.name}/metadata"):
            states.append(_state(table, metadata))
    return [state for state in states if state]


def _state(table: Table, metadata: Metadata) -> dict[str, Any] | None:
    """The current snapshot's totals, and the snapshots it can be set back to, newest first."""
    current = current_snapshot(metadata)
    if current is None:
        return None
    summary = current["summary"]
    snapshots = {snapshot["snapshot-id"]: snapshot for snapshot in metadata["snapshots"]}
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


def _at(snapshot: Snapshot) -> str:
    return (_EPOCH + timedelta(milliseconds=snapshot["timestamp-ms"])).isoformat()
