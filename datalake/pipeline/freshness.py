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
        f"{part}: {_hours(now - at)} old" if at else f"{part}: none"
        for part, at in _written_at(status).items()
        if at is None or now - at > max_age
    ]


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


def _hours(age: timedelta) -> str:
    return f"{age.total_seconds() / 3600:.0f} h"
