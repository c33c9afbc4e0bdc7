"""A token bucket that all threads share, and that a 429 pauses for everyone."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext

from datalake.core.errors import DatalakeError, SettingsError

_BURST = 3  # tokens that accumulate at most while no thread asks for one


class StoppedError(DatalakeError):
    """The run was stopped while this request waited for its token."""


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
        per_window = math.ceil(rate)
        self._recent: deque[float] = deque(maxlen=per_window)
        self._window = per_window / rate
        self._next = -math.inf
        self._paused_until = -math.inf
        self._queue = threading.Lock()  # lets one at a time wait for the turn
        self._turn = threading.Lock()
        self._pausing = threading.Lock()

    def acquire(self, priority: bool = False) -> None:
        """Wait for the token of one request; a retry is a request too.

        `priority` goes before all that begin a new title: what is begun is finished first.
        """
        with nullcontext() if priority else self._queue, self._turn:
            while (seconds := self._next_token_at() - self.clock()) > 0:
                self.sleep(seconds)
            now = self.clock()
            self._recent.append(now)
            self._next = max(self._next, now - _BURST * self._interval) + self._interval

    def pause(self, seconds: float) -> None:
        """Hold every request, those that wait already too, for so long from now."""
        with self._pausing:
            self._paused_until = max(self._paused_until, self.clock() + seconds)

    def sleep(self, seconds: float) -> None:
        """Wait without holding others up; `StoppedError` as soon as the run is stopped."""
        if self._sleep(seconds):
            raise StoppedError("stopped before TMDB was asked")

    def _next_token_at(self) -> float:
        is_full = len(self._recent) == self._recent.maxlen
        window_ends = self._recent[0] + self._window if is_full else -math.inf
        return max(self._next, window_ends, self._paused_until)
