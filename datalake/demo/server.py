"""A local TMDB: real HTTP on 127.0.0.1, with the limits and the faults of a real network."""

import hmac
import time
from collections import Counter, deque
from datetime import date
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from datalake.core.errors import SettingsError
from datalake.demo.endpoints import Endpoints, Query, error, error_of_status
from datalake.demo.faults import STATUSES, Faults
from datalake.demo.replay import Bodies
from datalake.demo.transport import Reply, Server


class TmdbServer:
    """TMDB's endpoints over kept bodies: `with TmdbServer(bodies, "token") as server: server.url`.

    `latency` is in seconds a request, `rate_limit` in requests a second (None: no limit), port
    0 is any free one. `requests` counts by endpoint (find, movie, tv, movie/changes, tv/changes),
    `outcomes` by HTTP status or, where a fault broke the connection, by the fault's name.
    """

    def __init__(
        self,
        bodies: Bodies,
        token: str,
        port: int = 0,
        latency: float = 0.0,
        rate_limit: float | None = None,
        faults: Faults | None = None,
    ) -> None:
        self.requests: Counter[str] = Counter()
        self.outcomes: Counter[int | str] = Counter()
        self._endpoints = Endpoints(bodies)
        self._token = token
        self._latency = latency
        self._rate_limit = rate_limit
        self._faults = faults or Faults()
        self._accepted: deque[float] = deque()
        self._lock = Lock()
        self._closing = Event()
        try:
            self._http = Server(port, self._reply)
        except (OSError, OverflowError) as cause:
            raise SettingsError(f"--port {port}: {cause}; choose another") from cause

    @property
    def url(self) -> str:
        """The base URL, as `http://127.0.0.1:8080/3`."""
        return f"http://127.0.0.1:{self._http.server_port}/3"

    @property
    def seen_429(self) -> int:
        """How many requests got HTTP 429."""
        return self.outcomes[429]

    def mark_changed(self, media_type: str, tmdb_id: int, day: date) -> None:
        """Let `/{movie,tv}/changes` tell that this title changed on that day."""
        self._endpoints.mark_changed(media_type, tmdb_id, day)

    def serve_forever(self) -> None:
        """Serve until interrupted; blocks."""
        try:
            self._http.serve_forever()
        finally:
            self.close()

    def close(self) -> None:
        """Stop listening, and cut every open connection."""
        self._closing.set()
        self._http.close()

    def __enter__(self) -> Self:
        Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self.close()

    def _reply(self, path: str, query: Query, authorization: str) -> Reply:
        fault = self._faults.draw()
        is_over_rate = self._over_rate()  # on arrival: how busy this machine is doesn't count
        if self._latency:
            self._closing.wait(self._latency)
        response = self._endpoints.respond(path, query)
        endpoint = response.endpoint
        if fault in STATUSES:
            response = error_of_status(int(fault))
        elif is_over_rate:
            response = error(25)
        elif not self._is_token(authorization, query):
            response = error(7)
        broken_by = fault if fault not in STATUSES else None
        with self._lock:
            self.requests[endpoint] += 1
            self.outcomes[broken_by or response.status] += 1
            # TMDB says only sometimes how long to wait.
            retry_after = 1 if response.status == 429 and self.seen_429 % 2 else None
        if broken_by == "hang":
            self._closing.wait(self._faults.hang_seconds)
        return Reply(response.status, response.body, retry_after, broken_by)

    def _over_rate(self) -> bool:
        if self._rate_limit is None:
            return False
        now = time.monotonic()
        with self._lock:
            while self._accepted and self._accepted[0] <= now - 1:
                self._accepted.popleft()
            over = len(self._accepted) >= self._rate_limit
            if not over:
                self._accepted.append(now)
            return over

    def _is_token(self, authorization: str, query: Query) -> bool:
        token = authorization.removeprefix("Bearer ") if authorization else query.get("api_key", "")
        return hmac.compare_digest(token.encode(), self._token.encode())
