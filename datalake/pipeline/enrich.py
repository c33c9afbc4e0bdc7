"""Enrichment as a step: the client from the settings, signals, and the summary in words."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

from datalake.core.errors import SettingsError
from datalake.core.progress import Progress
from datalake.core.settings import Settings
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.enrichment.summary import Summary
from datalake.sources.tmdb.auth import ApiKey, Bearer, Token
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.rate_limiter import RateLimiter, StoppedError


def enrich_lake(
    settings: Settings, options: dict[str, Any], rate: float, progress: Progress
) -> bool:
    """Ask TMDB for what is due; false where SIGTERM or Ctrl-C ended it, in good order."""
    options = options | {"refresh_after": timedelta(days=options["refresh_after"])}
    rate_limiter = RateLimiter(rate)
    client = TmdbClient(_token(settings), settings.tmdb_url, rate_limiter)
    with _stopped_by_signals(rate_limiter.stop) as signalled:
        try:
            summary = enrich(
                settings.lake,
                client,
                settings.genres,
                settings.day,
                EnrichOptions(**options),
                progress,
            )
            print(_in_words(summary), file=sys.stderr)
        except StoppedError:
            print("  stopped before any title was asked for", file=sys.stderr)
    return not signalled.is_set()


def _token(settings: Settings) -> Token:
    if settings.tmdb_token:
        return Bearer(settings.tmdb_token)
    if settings.tmdb_api_key:
        return ApiKey(settings.tmdb_api_key)
    raise SettingsError("set TMDB_TOKEN (v4 read access token) or TMDB_API_KEY; TMDB asks for one")


@contextmanager
def _stopped_by_signals(stop: Event) -> Iterator[Event]:
    signalled = Event()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def stop_run(*_: object) -> None:
        signalled.set()
        stop.set()
        os.write(2, b"  finishing what is on the way; a second signal ends at once\n")
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)  # what has come lies in the spool

    before = {number: signal.signal(number, stop_run) for number in numbers}
    try:
        yield signalled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_words(summary: Summary) -> str:
    failed = sum(summary.failed.values())
    reasons = "".join(f"; {reason}: {count:,}" for reason, count in summary.failed.items())
    changes = ""
    if summary.changes_failed:
        changes = f"\n  change lists not read ({summary.changes_failed}): the next run reads them"
    return (
        f"  {summary.due:,} due: {summary.found:,} found, {summary.not_found:,} not on TMDB,"
        f" {summary.other_kind:,} of the other kind, {failed:,} failed, {summary.left:,} left;"
        f" {summary.requests:,} requests, {summary.rate:.1f} a second,"
        f" {summary.too_many:,} × 429{reasons}{changes}"
    )
