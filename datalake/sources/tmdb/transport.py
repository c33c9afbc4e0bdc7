"""GETs of TMDB's API: rate-limited, retried while the failure is transient, counted.

Own code, because a retry here takes another token from the bucket and a 429 pauses the bucket for
everyone: urllib3's Retry sleeps inside one connection, stamina and tenacity inside one call.
"""

import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from datalake.core.errors import SettingsError, TmdbError
from datalake.core.loopback import is_loopback
from datalake.sources.tmdb.auth import Token
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.responses import TOO_MANY, RequestFailure, classify_response
from datalake.sources.tmdb.retry import RetryPolicy, UnavailableError

_CONNECTIONS = 20  # TMDB allows about so many from one address


@dataclass(frozen=True)
class RequestStats:
    """Requests sent so far, retries among them, and how many got a 429."""

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
        rate_limiter: RateLimiter,
        retry_policy: RetryPolicy,
        session: requests.Session | None = None,
    ) -> None:
        self.base_url = _validate_url(base_url)
        self.rate_limiter = rate_limiter
        self.stats = RequestStats()
        self._retry_policy = retry_policy
        self._stats_lock = threading.Lock()
        self._connected = False  # whether a TMDB API has responded yet
        self._session = session or _make_session(self.base_url)
        self._session.auth = token

    def get(self, path: str, priority: bool = False, **params: str | int) -> dict[str, Any] | None:
        """The JSON object at `path`, or None where TMDB has none (its own 404).

        `priority` requests go before those that begin a new title. `UnavailableError` after the
        last attempt, `TmdbError` where every other request would fail too, `StoppedError` when
        the run is stopped while waiting.
        """
        deadline = self.rate_limiter.clock() + self._retry_policy.total_seconds
        failures: list[RequestFailure] = []
        while True:
            self.rate_limiter.acquire(priority or bool(failures))
            result = self._send(path, params, is_retry=bool(failures))
            if not isinstance(result, RequestFailure):
                self._connected = True
                return result
            self._connected |= result.reached
            failures.append(result)
            self._wait_before_retry(path, failures, deadline)

    def _wait_before_retry(
        self, path: str, failures: list[RequestFailure], deadline: float
    ) -> None:
        policy, failure = self._retry_policy, failures[-1]
        if (failure.retry_after or 0) > policy.total_seconds:
            raise TmdbError(
                f"TMDB asks to wait {failure.retry_after:.0f} s"
                f" ({failure.reason}); run again then, or lower --rate"
            )
        delay = policy.delay(failures)
        is_late = self.rate_limiter.clock() + delay > deadline
        if is_late or policy.is_exhausted(failures, self._connected):
            raise UnavailableError(
                f"{self.base_url}/{path}: no usable response ({failure.reason});"
                " check --tmdb-url and the network, or run again later",
                failure.reason,
                failure.reached,
            )
        if failure.reason == TOO_MANY:
            self.rate_limiter.pause(delay)
        else:
            self.rate_limiter.sleep(delay)

    def _send(
        self, path: str, params: dict[str, str | int], is_retry: bool
    ) -> dict[str, Any] | RequestFailure | None:
        self._count(requests=1, retries=int(is_retry))
        # The exceptions' texts hold URLs: only their kind is reported.
        try:
            response = self._session.get(
                f"{self.base_url}/{path}",
                params=params,
                timeout=(self._retry_policy.connect_seconds, self._retry_policy.read_seconds),
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
        return classify_response(response)

    def _count(self, requests: int = 0, retries: int = 0, too_many: int = 0) -> None:
        with self._stats_lock:
            self.stats = RequestStats(
                self.stats.requests + requests,
                self.stats.retries + retries,
                self.stats.too_many + too_many,
            )


def _make_session(base_url: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = not is_loopback(base_url)  # the environment's proxies
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS, pool_block=True))
    return session


def _validate_url(base_url: str) -> str:
    try:
        address = urlsplit(base_url)
        is_usable = address.scheme in ("http", "https") and bool(address.hostname)
        is_usable &= not address.username
    except ValueError:
        is_usable = False
    if not is_usable:
        raise SettingsError("--tmdb-url: expected http(s)://host/path, without user or password")
    return base_url.rstrip("/")
