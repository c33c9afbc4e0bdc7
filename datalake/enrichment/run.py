"""Enrich: ask TMDB for the titles in scope that are due, and record every response."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice

from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.core.options import REFRESH_AFTER, THREADS
from datalake.core.progress import Progress, silent
from datalake.core.settings import Settings
from datalake.enrichment.change_lists import ChangeLists
from datalake.enrichment.ledger import Ledger, compact
from datalake.enrichment.parallel import map_parallel
from datalake.enrichment.plan import Plan, make_plan
from datalake.enrichment.record import Entry, Record
from datalake.enrichment.response_recorder import ResponseRecorder
from datalake.enrichment.spool import LEASE, new_part_name, parts_left, recover, spool_lock
from datalake.enrichment.summary import Summary, write_summary
from datalake.schemas.kinds import Kind
from datalake.schemas.title_types import DEFAULT_TITLE_TYPES, TitleTypes
from datalake.sources.source_file import newest_source_file
from datalake.sources.source_of_lake import source_of_lake
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.rate_limiter import StoppedError
from datalake.sources.tmdb.retry import UnavailableError
from datalake.sources.tmdb.transport import RequestStats

Title = tuple[Kind, str]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class EnrichOptions:
    """Limits of a run: threads, titles, seconds, a response's age; `now` is the clock (UTC).

    `title_types` say which titles of IMDb's datasets are films and series.
    """

    threads: int = THREADS.default
    limit: int | None = None
    budget_seconds: float | None = None
    refresh_after: timedelta = REFRESH_AFTER.default
    now: Callable[[], datetime] = _utc_now
    title_types: TitleTypes = DEFAULT_TITLE_TYPES

    @classmethod
    def from_settings(cls, settings: Settings) -> "EnrichOptions":
        """The options in a run's settings."""
        return cls(
            settings.threads,
            settings.limit,
            settings.budget_seconds,
            settings.refresh_after,
            title_types=TitleTypes.from_settings(settings),
        )


def enrich(
    lake: Lake,
    client: TmdbClient,
    genres: Collection[str],
    day: date | None = None,
    options: EnrichOptions = EnrichOptions(),
    progress: Progress = silent,
) -> Summary:
    """Ask TMDB for the due titles of the newest source files, of `day` or before. Idempotent.

    Stopped by `client.rate_limiter.stop`, or at the budget's end, it finishes the requests that
    were sent and leaves the rest to the next run. `TmdbError` where TMDB refuses the token or
    doesn't respond; what came before is kept. With nothing due no file is written.
    """
    budget = options.budget_seconds
    deadline = None if budget is None else time.monotonic() + budget
    source = source_of_lake(lake, day)
    for spec in source.files:
        newest_source_file(lake, spec, day)  # before a folder is made where no lake is

    def ids_in_scope(kind: Kind) -> Iterator[str]:
        return source.ids_in_scope(lake, kind, genres, day, options.title_types)

    change_lists = ChangeLists(client)

    def plan_now() -> Plan:
        return make_plan(lake, change_lists, ids_in_scope, options.now(), options.refresh_after)

    recorder = ResponseRecorder(lake, day or options.now().date(), client.base_url)
    if not parts_left(lake):
        plan = plan_now()
        if not plan.size:
            return _summary(plan, recorder, RequestStats(), 0)
    with spool_lock(lake), leased(lake.storage, LEASE, "enrich"):
        recover(lake)
        plan = plan_now()  # another run may have asked meanwhile
        for ledger in plan.ledgers.values():
            compact(lake, ledger, new_part_name())
        stats, started = client.stats, time.monotonic()
        try:
            _fetch_all(client, plan, recorder, options, deadline, progress)
        finally:
            recorder.publish()
        summary = _summary(plan, recorder, client.stats - stats, time.monotonic() - started)
        write_summary(lake, new_part_name(), summary)
        return summary


def _fetch_all(
    client: TmdbClient,
    plan: Plan,
    recorder: ResponseRecorder,
    options: EnrichOptions,
    deadline: float | None,
    progress: Progress,
) -> None:
    due = ((kind, imdb_id) for kind in Kind for imdb_id in plan.due[kind])
    titles = islice(due, options.limit)
    total = plan.size if options.limit is None else min(plan.size, options.limit)
    fetch = partial(_fetch, client, recorder, plan.ledgers, options.now)
    seconds = None if deadline is None else deadline - time.monotonic()
    results = map_parallel(fetch, titles, options.threads, client.rate_limiter.stop, seconds)
    with closing(results) as fetched:
        for done, _ in enumerate(fetched, 1):
            progress("ask TMDB", done, total, "titles")
    recorder.finish()


def _fetch(
    client: TmdbClient,
    recorder: ResponseRecorder,
    ledgers: dict[Kind, Ledger],
    now: Callable[[], datetime],
    title: Title,
) -> Title | None:
    """Fetch the title, record its outcome and return it; None where the run was stopped first."""
    kind, imdb_id = title
    previous = ledgers[kind].entries.get(imdb_id)
    tmdb_id = previous.tmdb_id if previous else None

    def record_id(found_id: int) -> None:
        nonlocal tmdb_id
        tmdb_id = found_id
        recorder.record_id(Record(kind, Entry(imdb_id, found_id, Outcome.PENDING, now())))

    try:
        response = client.fetch_title(kind, imdb_id, tmdb_id, record_id)
        entry = Entry(imdb_id, response.tmdb_id, response.outcome, now())
        recorder.record(Record(kind, entry, response.body))
    except StoppedError:
        return None
    except (UnavailableError, RecursionError) as error:
        reached, reason = True, "nested too deeply"  # a body at the limit can be read, not written
        if isinstance(error, UnavailableError):
            reached, reason = error.reached, error.reason
        attempts = previous.attempts + 1 if previous else 1
        entry = Entry(imdb_id, tmdb_id, Outcome.FAILED, now(), attempts, reason)
        recorder.record(Record(kind, entry, reached=reached))
    return title


def _summary(
    plan: Plan, recorder: ResponseRecorder, stats: RequestStats, seconds: float
) -> Summary:
    left = plan.size - recorder.outcomes.total()
    changes_read = not left and not plan.changes_failed
    return Summary(
        started_at=plan.at,
        due=plan.size,
        found=recorder.outcomes[Outcome.FOUND],
        not_found=recorder.outcomes[Outcome.NOT_FOUND],
        other_kind=recorder.outcomes[Outcome.OTHER_KIND],
        failed=dict(recorder.reasons),
        left=left,
        requests=stats.requests,
        retries=stats.retries,
        too_many=stats.too_many,
        change_pages=plan.change_pages,
        changes_failed=plan.changes_failed,
        seconds=round(seconds, 1),
        rate=round(stats.requests / seconds, 2) if seconds else 0.0,
        changes_until=plan.at.date() if changes_read else plan.changes_since,
    )
