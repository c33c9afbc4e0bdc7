"""TMDB's lists of changed titles, each read once a run."""

from datetime import date

from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.retry import UnavailableError


class ChangeLists:
    """The ids that TMDB changed, by kind; a list that can't be read is empty and in `failures`."""

    def __init__(self, client: TmdbClient) -> None:
        self.pages = 0
        self.failures: list[UnavailableError] = []
        self._client = client
        self._ids: dict[Kind, set[int]] = {}

    def changed_ids(self, kind: Kind, since: date, until: date) -> set[int]:
        """The TMDB ids of that kind's titles changed from one day to the other."""
        if kind not in self._ids:
            self._ids[kind] = self._read(kind, since, until)
        return self._ids[kind]

    def _read(self, kind: Kind, since: date, until: date) -> set[int]:
        requests_before = self._client.stats.requests
        try:
            return self._client.changed_ids(kind, since, until)
        except UnavailableError as error:
            self.failures.append(error)
            return set()
        finally:
            self.pages += self._client.stats.requests - requests_before
