"""Keeps the answers of a run and counts them; tells a title at fault from a silent TMDB."""

from collections import Counter
from datetime import date

from datalake.base.errors import TmdbError
from datalake.base.lake import Kind, Lake
from datalake.raw.record import Outcome, Record
from datalake.raw.spool import Spool

_HOPELESS = 50  # titles in a row without an answer


class Keeper:
    """The spools and tallies of one run; `address` is TMDB's, for messages.

    Failures wait for the next answer: a TMDB that is down is no title's fault.
    """

    def __init__(self, lake: Lake, day: date, address: str) -> None:
        self._address = address
        self._spools = {kind: Spool(lake, kind, day) for kind in Kind}
        self._silent: list[Record] = []
        self.outcomes: Counter[Outcome] = Counter()
        self.reasons: Counter[str] = Counter()

    def keep(self, record: Record) -> None:
        """Keep an answer; `TmdbError` where too many titles in a row had none."""
        if record.entry.outcome is Outcome.FAILED:
            self._silent.append(record)
            if len(self._silent) >= _HOPELESS:
                raise self._hopeless()
            return
        self._keep_failures()
        self._append(record)

    def finish(self) -> None:
        """Keep the last failures; `TmdbError` where nothing at all has answered."""
        if not self.outcomes and any(not record.reached for record in self._silent):
            raise self._hopeless()
        self._keep_failures()

    def publish(self) -> None:
        """Move into Raw and the ledger what isn't there yet."""
        for spool in self._spools.values():
            spool.publish()

    def _keep_failures(self) -> None:
        for record in self._silent:
            self._append(record)
            self.reasons[record.entry.reason] += 1
        self._silent.clear()

    def _append(self, record: Record) -> None:
        self._spools[record.kind].append(record)
        self.outcomes[record.entry.outcome] += 1

    def _hopeless(self) -> TmdbError:
        why = ", ".join(sorted({record.entry.reason for record in self._silent}))
        return TmdbError(
            f"{self._address}: TMDB doesn't answer ({why});"
            " check --tmdb-url and the network, or run again later"
        )
