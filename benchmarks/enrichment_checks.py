"""Assertions and counts that several trials of enrichment share."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from enrichment_lab import ServerCounts, count_titles, tmdb_titles

Rows = list[tuple[str, str]]
"""One row per figure: its label and its value, as printed."""


def file_times(lake: Path) -> dict[str, int]:
    """The time of change of every file in Raw, in nanoseconds, by path."""
    files = (path for path in (lake / "Raw").rglob("*") if path.is_file())
    return {str(path): path.stat().st_mtime_ns for path in files}


def require_complete(outcomes: dict[str, str], work: Path) -> None:
    """Every title that TMDB has is found, and every other one is recorded as not found."""
    on_tmdb = tmdb_titles(work)
    wrong = [
        imdb_id
        for imdb_id, outcome in outcomes.items()
        if outcome != ("found" if imdb_id in on_tmdb else "not_found")
    ]
    is_complete = len(outcomes) == count_titles(work).total()
    require(not wrong and is_complete, f"{wrong[:3]}, {len(outcomes)} titles")


def requests_per_title(counts: ServerCounts, work: Path) -> Rows:
    """Requests per film and per series that TMDB has."""
    on_tmdb = tmdb_titles(work)
    requests: Counter[str] = Counter()
    ids = {
        f"/3/{media_type}/{tmdb_id}": imdb_id for imdb_id, (media_type, tmdb_id) in on_tmdb.items()
    }
    for path, count in counts["paths"].items():
        imdb_id = ids.get(path) or path.rpartition("/")[2]
        requests[on_tmdb[imdb_id][0] if imdb_id in on_tmdb else "none"] += count
    titles = Counter(
        media_type
        for imdb_id, (media_type, _) in on_tmdb.items()
        if _was_requested(imdb_id, counts, media_type)
    )
    return [
        (f"requests per {label}", f"{requests[media_type] / titles[media_type]:.2f}")
        for label, media_type in (("film", "movie"), ("series", "tv"))
    ]


def _was_requested(imdb_id: str, counts: ServerCounts, media_type: str) -> bool:
    endpoint = "movie" if media_type == "movie" else "find"
    return f"/3/{endpoint}/{imdb_id}" in counts["paths"]


def peak_rate(times: Sequence[float]) -> int:
    """The most requests that came within any one second."""
    peak = first = 0
    times = sorted(times)
    for last, time in enumerate(times):
        while times[first] <= time - 1:
            first += 1
        peak = max(peak, last - first + 1)
    return peak


def require(condition: bool, message: str) -> None:
    """End the run where a claim does not hold."""
    if not condition:
        sys.exit(f"the trial failed: {message}")
