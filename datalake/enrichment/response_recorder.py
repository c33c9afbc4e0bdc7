"""Keeps the answers of a run and counts them; tells a title at fault from a silent TMDB."""

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

_HOPELESS = 50  # titles in a row without an answer


class ResponseRecorder:
    """The spools and tallies of one run, for many threads; `address` is TMDB's, for messages.

    Failures wait for the next answer: a TMDB that is down is no title's fault.
    """

    def __init__(self, lake: Lake, day: date, address: str) -> None:
        self._lake = lake
        self._address = address
        self._spools = {kind: Spool(lake, kind, day) for kind in Kind}
        self._lock = Lock()
        self._silent: list[Record] = []
        self.outcomes: Counter[Outcome] = Counter()
        self.reasons: Counter[str] = Counter()

    def keep(self, record: Record) -> None:
        """Keep what became of a title; `TmdbError` where too many in a row had no answer."""
        with self._lock:
            if record.failed:
                self._silent.append(record)
                if len(self._silent) >= _HOPELESS:
                    raise self._hopeless()
                return
            full = self._settle(record)
        self._publish(full)

    def note(self, record: Record) -> None:
        """Keep what is known of a title that still waits for its answer."""
        with self._lock:
            full = [self._append(record)]
        self._publish(full)

    def finish(self) -> None:
        """Keep the last failures; `TmdbError` where nothing at all has answered."""
        if not self.outcomes and any(not record.reached for record in self._silent):
            raise self._hopeless()
        self._publish(self._settle())

    def publish(self) -> None:
        """Move into Raw and the ledger what isn't there yet."""
        self._publish([spool.take() for spool in self._spools.values()])

    def _settle(self, *answered: Record) -> list[Path | None]:
        """Count and append, the failures that waited first."""
        records = [*self._silent, *answered]
        self._silent.clear()
        self.outcomes.update(record.entry.outcome for record in records)
        self.reasons.update(record.entry.reason for record in records if record.failed)
        return [self._append(record) for record in records]

    def _append(self, record: Record) -> Path | None:
        return self._spools[record.kind].append(record)

    def _publish(self, parts: list[Path | None]) -> None:
        # Out of the lock: the other threads go on meanwhile.
        for part in parts:
            if part:
                publish(self._lake, part)

    def _hopeless(self) -> TmdbError:
        why = ", ".join(sorted({record.entry.reason for record in self._silent}))
        return TmdbError(
            f"{self._address}: TMDB doesn't answer ({why});"
            " check --tmdb-url and the network, or run again later"
        )
