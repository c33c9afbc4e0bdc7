"""What the trials of enrichment check and count."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from enrichment_lab import Account, known, titles

Rows = list[tuple[str, str]]


def files(lake: Path) -> dict[str, int]:
    """Every file below, with its time."""
    return {str(path): path.stat().st_mtime_ns for path in lake.rglob("*") if path.is_file()}


def expect(found: dict[str, str], work: Path) -> None:
    """Every title that exists is found, every other one is recorded, and nothing else is there."""
    exist = known(work)
    wrong = [one for one, how in found.items() if how != ("found" if one in exist else "not_found")]
    require(not wrong and len(found) == titles(work).total(), f"{wrong[:3]}, {len(found)} titles")


def per_title(asked: Account, work: Path) -> Rows:
    """Requests per film and per series that TMDB has."""
    exist = known(work)
    calls: Counter[str] = Counter()
    ids = {f"/3/{media}/{number}": imdb for imdb, (media, number) in exist.items()}
    for path, count in asked["paths"].items():
        imdb_id = ids.get(path) or path.rpartition("/")[2]
        calls[exist[imdb_id][0] if imdb_id in exist else "none"] += count
    asked_of = Counter(
        media for imdb, (media, _) in exist.items() if _was_asked(imdb, asked, exist)
    )
    return [
        (f"requests per {what}", f"{calls[media] / asked_of[media]:.2f}")
        for what, media in (("film", "movie"), ("series", "tv"))
    ]


def _was_asked(imdb_id: str, asked: Account, exist: dict[str, tuple[str, int]]) -> bool:
    first = "movie" if exist[imdb_id][0] == "movie" else "find"
    return f"/3/{first}/{imdb_id}" in asked["paths"]


def most(moments: Sequence[float]) -> int:
    """The most requests that came within any one second."""
    most = first = 0
    moments = sorted(moments)
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def require(holds: bool, otherwise: str) -> None:
    """End the run where a claim does not hold."""
    if not holds:
        sys.exit(f"the trial failed: {otherwise}")
