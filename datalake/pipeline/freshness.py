"""Freshness of a lake: which of its parts are older than a maximum age."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any


def stale_parts(
    status: Mapping[str, Any], max_age: timedelta, now: datetime | None = None
) -> list[str]:
    """One line per part of `read_status` that is older than `max_age`, or missing.

    Parts are the newest source file of each folder of Raw, TMDB's newest responses, and tables.
    """
    now = now or datetime.now(UTC)
    return [
        f"{part}: {_hours(now - at):.0f} h old" if at else f"{part}: none"
        for part, at in _written_at(status).items()
        if at is None or now - at > max_age
    ]


def lake_figures(status: Mapping[str, Any], now: datetime | None = None) -> dict[str, float]:
    """What a metric tells of `read_status`: hours since its oldest part was written, and rows.

    Parts that were never written have no age; `stale_parts` names them.
    """
    now = now or datetime.now(UTC)
    ages = [_hours(now - at) for at in _written_at(status).values() if at]
    rows = {table["table"]: table["rows"] for table in status["tables"]}
    return {
        "oldest_hours": round(max(ages, default=0.0), 1),
        "titles": rows.get("Trusted.titles", 0),
        "tmdb_titles": rows.get("Trusted.tmdb_titles", 0),
        "quarantined_rows": rows.get("Trusted.quarantine", 0),
    }


def _written_at(status: Mapping[str, Any]) -> dict[str, datetime | None]:
    """When each part was written; None where it never was."""
    files: dict[str, datetime | None] = {}
    for file in status["source_files"]:
        folder, at = "/".join(file["key"].split("/")[:-4]), datetime.fromisoformat(file["at"])
        files[folder] = max(at, files.get(folder) or at)
    run = status["tmdb"]["newest_run"]
    fetched_at = datetime.fromisoformat(run["started_at"]) if run else None
    tables: dict[str, datetime | None] = {
        row["table"]: datetime.fromisoformat(row["at"]) for row in status["tables"]
    }
    return {
        **(files or {"source files": None}),
        "TMDB's responses": fetched_at,
        **(tables or {"tables": None}),
    }


def _hours(age: timedelta) -> float:
    return age.total_seconds() / 3600
