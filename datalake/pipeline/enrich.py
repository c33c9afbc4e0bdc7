"""Enrichment as a step: the client from the settings, and an end in good order on a signal."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from threading import Event

from datalake.core.errors import SettingsError
from datalake.core.logs import log_figures
from datalake.core.progress import Progress, silent
from datalake.core.settings import Settings
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.enrichment.summary import Summary
from datalake.sources.tmdb.auth import ApiKey, Bearer, Token
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.rate_limiter import RateLimiter, StoppedError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EnrichResult:
    """How the step ended; `summary` is None where it was stopped before asking for any title."""

    summary: Summary | None
    interrupted: bool


def _log_signal() -> None:
    _log.warning("finishing the requests on the way; a second signal ends at once")


def enrich_lake(
    settings: Settings,
    progress: Progress = silent,
    on_signal: Callable[[], object] = _log_signal,
) -> EnrichResult:
    """Ask TMDB for the titles that are due and keep its responses in Raw.

    SIGTERM or Ctrl-C end it in good order once the requests in flight have ended; `on_signal`
    is called at once, inside the signal's handler.
    """
    limiter = RateLimiter(settings.rate)
    client = TmdbClient(tmdb_token(settings), settings.tmdb_url, limiter)
    options = EnrichOptions.from_settings(settings)
    summary = None
    with _stopped_by_signals(limiter.stop, on_signal) as signalled:
        try:
            summary = enrich(
                settings.lake, client, settings.genres, settings.day, options, progress
            )
        except StoppedError:
            _log.info("stopped before any title was asked for")
        else:
            log_figures(_log, "enriched", **asdict(summary))
    return EnrichResult(summary, signalled.is_set())


def tmdb_token(settings: Settings) -> Token:
    """What TMDB asks for; `SettingsError` where the environment has none."""
    if settings.tmdb_token:
        return Bearer(settings.tmdb_token)
    if settings.tmdb_api_key:
        return ApiKey(settings.tmdb_api_key)
    raise SettingsError(
        "TMDB asks for a token: set TMDB_TOKEN (v4 read access token) or TMDB_API_KEY, or leave"
        " TMDB out with: datalake run --without-tmdb"
    )


@contextmanager
def _stopped_by_signals(stop: Event, on_signal: Callable[[], object]) -> Iterator[Event]:
    signalled = Event()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def stop_run(*_: object) -> None:
        signalled.set()
        stop.set()
        on_signal()
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)  # what has come lies in the spool

    previous = {number: signal.signal(number, stop_run) for number in numbers}
    try:
        yield signalled
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
