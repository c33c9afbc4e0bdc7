"""Records and counts a run's responses; a circuit breaker ends it when TMDB goes silent."""

from collections import Counter
from datetime import date
from pathlib import Path
from threading import Lock

from datalake.core.errors import TmdbError
from datalake.core.lake import Lake
from datalake.enrichment.record import Record
from datalake.enrichment.spool import Spool, publish
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome

_MAX_CONSECUTIVE_FAILURES = 50


class ResponseRecorder:
    """The spools and counts of one run, for many threads; `address` is TMDB's, for messages.

    A failed title is recorded once a later one gets a response: while TMDB is down no title is
    at fault, and none is to be delayed for it.
    """

    def __init__(self, lake: Lake, day: date, address: str) -> None:
        self._lake = lake
        self._address = address
        self._spools = {kind: Spool(lake, kind, day) for kind in Kind}
        self._lock = Lock()
        self._failures: list[Record] = []  # in a row, not recorded yet
        self.outcomes: Counter[Outcome] = Counter()
        self.reasons: Counter[str] = Counter()

    def record(self, record: Record) -> None:
        """Record a title's outcome; `TmdbError` after too many failures in a row."""
        with self._lock:
            if record.is_failed:
                self._failures.append(record)
                if len(self._failures) >= _MAX_CONSECUTIVE_FAILURES:
                    raise self._no_response()
                return
            full_parts = self._append_with_failures(record)
        self._publish(full_parts)

    def record_id(self, record: Record) -> None:
        """Record the TMDB id of a title whose details are still to come; it isn't counted."""
        with self._lock:
            full_part = self._append(record.kind, record.to_line())
        self._publish([full_part])

    def finish(self) -> None:
        """Record the last failures; `TmdbError` where nothing at all has responded."""
        if not self.outcomes and any(not record.reached for record in self._failures):
            raise self._no_response()
        self._publish(self._append_with_failures())

    def publish(self) -> None:
        """Move what is still in the spools into Raw and the ledger."""
        self._publish([spool.take() for spool in self._spools.values()])

    def _append_with_failures(self, *responses: Record) -> list[Path | None]:
        records = [*self._failures, *responses]
        lines = [record.to_line() for record in records]  # may fail, so before any is counted
        self._failures.clear()
        self.outcomes.update(record.entry.outcome for record in records)
        self.reasons.update(record.entry.reason for record in records if record.is_failed)
        kinds = [record.kind for record in records]
        return list(map(self._append, kinds, lines))

    def _append(self, kind: Kind, line: bytes) -> Path | None:
        return self._spools[kind].append(line)

    def _publish(self, parts: list[Path | None]) -> None:
        # Outside the lock: the other threads go on meanwhile.
        for part in parts:
            if part:
                publish(self._lake, part)

    def _no_response(self) -> TmdbError:
        reasons = ", ".join(sorted({record.entry.reason for record in self._failures}))
        return TmdbError(
            f"{self._address}: TMDB doesn't answer ({reasons});"
            " check --tmdb-url and the network, or run again later"
        )
