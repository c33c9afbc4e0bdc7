"""When a failed request is tried again: exponential backoff with full jitter, within bounds."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from datalake.core.errors import TmdbError
from datalake.sources.tmdb.responses import TOO_MANY, RequestFailure

_LONGEST_BACKOFF = 30.0
_FIRST_CONTACT_ATTEMPTS = 3  # while nothing has responded yet: a wrong address shows soon


class UnavailableError(TmdbError):
    """One request got no usable response; `reason` is short and the same for like cases.

    `reached` is false where no TMDB API responded at all.
    """

    def __init__(self, message: str, reason: str, reached: bool) -> None:
        super().__init__(message)
        self.reason = reason
        self.reached = reached


@dataclass(frozen=True)
class RetryPolicy:
    """Bounds of one request: attempts (429s apart), seconds in total and per attempt.

    The first backoff is between 0 and `backoff_seconds`; its upper bound doubles each time.
    """

    attempts: int = 8
    total_seconds: float = 120
    connect_seconds: float = 5
    read_seconds: float = 15
    backoff_seconds: float = 1

    def delay(self, failures: Sequence[RequestFailure]) -> float:
        """Seconds until the next attempt: `Retry-After`, else exponential backoff, full jitter."""
        retry_after = failures[-1].retry_after
        if retry_after is not None:
            return retry_after
        longest = min(_LONGEST_BACKOFF, self.backoff_seconds * 2 ** (len(failures) - 1))
        return random.uniform(0, longest)  # noqa: S311 - jitter, not a secret

    def is_exhausted(self, failures: Sequence[RequestFailure], connected: bool) -> bool:
        """Whether there is no further attempt; few are made before anything has responded."""
        attempts = sum(failure.reason != TOO_MANY for failure in failures)
        limit = self.attempts if connected else min(_FIRST_CONTACT_ATTEMPTS, self.attempts)
        return not failures[-1].retryable or attempts >= limit
