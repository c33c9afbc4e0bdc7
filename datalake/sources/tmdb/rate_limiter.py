"""One gate for all requests: a token bucket that a 429 can close for everyone."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext

from datalake.core.errors import DatalakeError, SettingsError

_CATCH_UP = 3  # slots a late thread may make up for; more silence than that is lost


class StoppedError(DatalakeError):
    """The run was told to stop while this request waited for its turn."""


class RateLimiter:
    """At most `rate` requests in any second, evenly paced, whatever the number of threads.

    Every wait ends with a `StoppedError` once `stop` is set. `sleep` keeps the contract of
    `threading.Event.wait`: seconds in, true when it was cut short by a stop.
    """

    def __init__(
        self,
        rate: float,
        stop: threading.Event | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], bool] | None = None,
    ) -> None:
        if not 0 < rate < math.inf:
            raise SettingsError(f"--rate {rate}: must be more than 0 requests a second")
        self.stop = stop or threading.Event()
        self.clock = clock
        self._sleep = sleep or self.stop.wait
        self._interval = 1 / rate
        # Pacing alone lets a late request crowd the next second: the window is kept as well.
        most = math.ceil(rate)
        self._recent: deque[float] = deque(maxlen=most)
        self._window = most / rate
        self._next = -math.inf
        self._closed_until = -math.inf
        self._queue = threading.Lock()  # lets one at a time wait for the turn
        self._turn = threading.Lock()
        self._closing = threading.Lock()

    def acquire(self, ahead: bool = False) -> None:
        """Wait for the turn of one request; a retry is a request too.

        `ahead` of all that begin something new: what is begun is finished first.
        """
        with nullcontext() if ahead else self._queue, self._turn:
            while (seconds := self._opens_at() - self.clock()) > 0:
                self.sleep(seconds)
            now = self.clock()
            self._recent.append(now)
            self._next = max(self._next, now - _CATCH_UP * self._interval) + self._interval

    def pause(self, seconds: float) -> None:
        """Hold every request, those that wait already too, for so long from now."""
        with self._closing:
            self._closed_until = max(self._closed_until, self.clock() + seconds)

    def sleep(self, seconds: float) -> None:
        """Wait outside the gate; `StoppedError` as soon as the run is stopped."""
        if self._sleep(seconds):
            raise StoppedError("stopped before TMDB was asked")

    def _opens_at(self) -> float:
        full = len(self._recent) == self._recent.maxlen
        window_ends = self._recent[0] + self._window if full else -math.inf
        return max(self._next, window_ends, self._closed_until)
