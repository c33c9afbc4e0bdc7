"""The summary of an enrichment run, and the manifest it is kept in."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from datalake.core.damage import checked, checked_time, load_json, report_damage
from datalake.core.lake import Lake

RUNS = "Raw/TMDB/Ledger/Runs"
_REMEDY = "delete it: it tells of one run, and the next one reads TMDB's change lists anew"


@dataclass(frozen=True)
class Summary:
    """Counts of titles by outcome, failures by reason, requests, and titles left.

    `requests`, `retries`, `too_many` (429s), `seconds` and `rate` (requests a second) are of the
    titles alone; `change_pages` were read before, unless `changes_failed` says why not. The
    next run reads the change lists from `changes_until` on: titles edited before that day have
    been asked for again.
    """

    started_at: datetime
    due: int = 0
    found: int = 0
    not_found: int = 0
    other_kind: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    left: int = 0
    requests: int = 0
    retries: int = 0
    too_many: int = 0
    change_pages: int = 0
    changes_failed: str = ""
    seconds: float = 0.0
    rate: float = 0.0
    changes_until: date | None = None

    def to_json(self) -> str:
        """The manifest's text."""
        return json.dumps(asdict(self), indent=2, default=str)


def write_summary(lake: Lake, name: str, summary: Summary) -> None:
    """Keep the run's summary beside the ledger; names sort by time."""
    with lake.storage.create(f"{RUNS}/{name}.json") as file:
        file.write(summary.to_json().encode())


def last_changes_until(lake: Lake) -> date | None:
    """The newest run's `changes_until`; None before the first."""
    newest = newest_summary(lake)
    text = newest and newest["changes_until"]
    return date.fromisoformat(text) if text else None


def newest_summary(lake: Lake) -> dict[str, Any] | None:
    """The newest run's summary as it was written; None before the first."""
    runs = lake.storage.list(RUNS)
    if not runs:
        return None
    with report_damage(lake.storage, runs[-1], _REMEDY), lake.storage.open(runs[-1]) as file:
        summary = checked(load_json(file), dict)
        checked_time(summary["started_at"])
        if until := summary["changes_until"]:
            date.fromisoformat(until)
        return summary
