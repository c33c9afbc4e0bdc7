"""One GET that survives what is transient, and gives up in one clear line.

Own code, because a retry here takes a new turn at the gate and a 429 closes it for everyone:
urllib3's Retry sleeps inside one connection, stamina and tenacity inside one call.
"""

import random
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from datalake.core.errors import SettingsError, TmdbError
from datalake.sources.tmdb.auth import Token
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.responses import TOO_MANY, RequestFailure, judge

_CONNECTIONS = 20  # TMDB allows about so many from one address
_LONGEST_BACKOFF = 30.0
_HANDSHAKES = 3  # tries while nothing has answered yet: a wrong address shows soon


class UnavailableError(TmdbError):
    """One question stayed without a usable answer; `reason` is short and the same for like cases.

    `reached` is false where nothing that speaks TMDB's language was at the other end.
    """

    def __init__(self, message: str, reason: str, reached: bool) -> None:
        super().__init__(message)
        self.reason = reason
        self.reached = reached


@dataclass(frozen=True)
class RetryPolicy:
    """How long one question may take: tries (429s apart), and seconds over all of them."""

    tries: int = 8
    seconds: float = 120
    connect_seconds: float = 5
    read_seconds: float = 15
    backoff: float = 1  # the first wait is between 0 and this; it doubles


@dataclass(frozen=True)
class RequestStats:
    """Requests sent so far, retries among them, and how many were answered by 429."""

    requests: int = 0
    retries: int = 0
    too_many: int = 0

    def __sub__(self, earlier: "RequestStats") -> "RequestStats":
        return RequestStats(
            self.requests - earlier.requests,
            self.retries - earlier.retries,
            self.too_many - earlier.too_many,
        )


class Transport:
    """GETs JSON objects under one base URL; safe to share between threads."""

    def __init__(
        self,
        base_url: str,
        token: Token,
        limit: RateLimiter,
        patience: RetryPolicy,
        session: requests.Session | None = None,
    ) -> None:
        self.base_url = _checked(base_url)
        self.limit = limit
        self.usage = RequestStats()
        self._patience = patience
        self._counting = threading.Lock()
        self._greeted = False
        self._session = session or _session()
        self._session.auth = token

    def get(self, path: str, ahead: bool = False, **params: str | int) -> dict[str, Any] | None:
        """The JSON object there, None where TMDB has none (404); `ahead` of what begins anew.

        `UnavailableError` after the last try, `TmdbError` where trying on is pointless for all,
        `StoppedError` when the run is stopped while waiting.
        """
        deadline = self.limit.clock() + self._patience.seconds
        failures: list[RequestFailure] = []
        while True:
            self.limit.acquire(ahead or bool(failures))
            answer = self._try(path, params, retry=bool(failures))
            if not isinstance(answer, RequestFailure):
                self._greeted = True
                return answer
            self._greeted |= answer.reached
            failures.append(answer)
            self._wait_out(path, failures, deadline)

    def _wait_out(self, path: str, failures: list[RequestFailure], deadline: float) -> None:
        trouble = failures[-1]
        if (trouble.retry_after or 0) > self._patience.seconds:
            raise TmdbError(
                f"TMDB asks to wait {trouble.retry_after:.0f} s"
                f" ({trouble.reason}); run again then, or lower --rate"
            )
        tries = self._patience.tries if self._greeted else min(_HANDSHAKES, self._patience.tries)
        tried = sum(failure.reason != TOO_MANY for failure in failures)
        wait = trouble.retry_after
        if wait is None:
            wait = self._backoff(len(failures))
        if not trouble.again or tried >= tries or self.limit.clock() + wait > deadline:
            raise UnavailableError(
                f"{self.base_url}/{path}: no usable answer ({trouble.reason});"
                " check --tmdb-url and the network, or run again later",
                trouble.reason,
                trouble.reached,
            )
        if trouble.reason == TOO_MANY:
            self.limit.pause(wait)
        else:
            self.limit.sleep(wait)

    def _backoff(self, failures: int) -> float:
        longest = min(_LONGEST_BACKOFF, self._patience.backoff * 2 ** (failures - 1))
        return random.uniform(0, longest)  # noqa: S311 - jitter, not a secret

    def _try(
        self, path: str, params: dict[str, str | int], retry: bool
    ) -> dict[str, Any] | RequestFailure | None:
        self._count(requests=1, retries=int(retry))
        # The exceptions' texts hold URLs: only their kind is told.
        try:
            response = self._session.get(
                f"{self.base_url}/{path}",
                params=params,
                timeout=(self._patience.connect_seconds, self._patience.read_seconds),
                allow_redirects=False,
            )
        except requests.Timeout:
            return RequestFailure("timeout", reached=False)
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            return RequestFailure("cut body", reached=False)
        except requests.RequestException:
            return RequestFailure("connection failed", reached=False)
        if response.status_code == 429:
            self._count(too_many=1)
        return judge(response)

    def _count(self, requests: int = 0, retries: int = 0, too_many: int = 0) -> None:
        with self._counting:
            self.usage = RequestStats(
                self.usage.requests + requests,
                self.usage.retries + retries,
                self.usage.too_many + too_many,
            )


def _session() -> requests.Session:
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS, pool_block=True))
    return session


def _checked(base_url: str) -> str:
    try:
        address = urlsplit(base_url)
        usable = address.scheme in ("http", "https") and address.hostname and not address.username
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError("--tmdb-url: expected http(s)://host/path, without user or password")
    return base_url.rstrip("/")
