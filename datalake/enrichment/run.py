"""Ask TMDB for the titles in scope that are due, keep every answer, and say what is left."""

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice

from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.core.progress import Progress, silent
from datalake.enrichment.due import REFRESH_AFTER, due_titles
from datalake.enrichment.ledger import Ledger, read_ledger, tidy
from datalake.enrichment.parallel import map_parallel
from datalake.enrichment.record import Entry, Record
from datalake.enrichment.response_recorder import ResponseRecorder
from datalake.enrichment.spool import LEASE, alone, new_part_name, recover
from datalake.enrichment.summary import Summary, last_changes_until, write_summary
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.raw import newest_source_file
from datalake.sources.imdb_csv.scope import ids_in_scope
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.rate_limiter import StoppedError
from datalake.sources.tmdb.transport import RequestStats, UnavailableError

Title = tuple[Kind, str]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class EnrichOptions:
    """How a run works: titles at once, how many, how long, how fresh; `now` tells UTC time."""

    threads: int = 16
    limit: int | None = None
    budget_seconds: float | None = None
    refresh_after: timedelta = REFRESH_AFTER
    now: Callable[[], datetime] = _utc_now


@dataclass(frozen=True)
class _Plan:
    at: datetime
    due: dict[Kind, list[str]]
    ledgers: dict[Kind, Ledger]
    changes_since: date | None
    change_pages: int

    @property
    def size(self) -> int:
        return sum(map(len, self.due.values()))


def enrich(
    lake: Lake,
    client: TmdbClient,
    genres: Collection[str],
    day: date | None = None,
    terms: EnrichOptions = EnrichOptions(),
    progress: Progress = silent,
) -> Summary:
    """Ask for what is due of the newest snapshots, of `day` or before, and persist it.

    Stopped by `client.limit.stop`, or at the budget's end, it finishes what is on the way and
    tells what is left. `TmdbError` where TMDB refuses the token or answers nothing; what came
    before is kept. With nothing due no title is asked for and no file is written.
    """
    ends = None if terms.budget_seconds is None else time.monotonic() + terms.budget_seconds
    for kind in Kind:
        newest_source_file(lake, kind, day)  # before a folder is made where no lake is
    with alone(lake), leased(lake.storage, LEASE, "enrich"):
        recover(lake)
        plan = _plan(lake, client, genres, day, terms)
        keeper = ResponseRecorder(lake, day or terms.now().date(), client.base_url)
        if not plan.size:
            return _summary(plan, keeper, RequestStats(), 0)
        for ledger in plan.ledgers.values():
            tidy(lake, ledger, new_part_name())
        usage, began = client.usage, time.monotonic()
        try:
            _work(client, plan, keeper, terms, ends, progress)
        finally:
            keeper.publish()
        summary = _summary(plan, keeper, client.usage - usage, time.monotonic() - began)
        write_summary(lake, new_part_name(), summary)
        return summary


def _plan(
    lake: Lake, client: TmdbClient, genres: Collection[str], day: date | None, terms: EnrichOptions
) -> _Plan:
    now, requests = terms.now(), client.usage.requests
    ledgers = {kind: read_ledger(lake, kind) for kind in Kind}
    since = last_changes_until(lake) or _oldest_answer(ledgers.values(), now - terms.refresh_after)
    due: dict[Kind, list[str]] = {}
    for kind, ledger in ledgers.items():
        changed: set[int] = set()
        if ledger.entries and since and since < now.date():
            changed = client.changed(kind, since, now.date())
        ids = ids_in_scope(lake, kind, genres, day)
        due[kind] = due_titles(ids, ledger.entries, now, changed, terms.refresh_after)
    return _Plan(now, due, ledgers, since, client.usage.requests - requests)


def _oldest_answer(ledgers: Iterable[Ledger], earliest: datetime) -> date | None:
    """The first day whose edits matter where no run has told; older answers are due anyway."""
    times = [entry.at for ledger in ledgers for entry in ledger.entries.values()]
    return max(min(times), earliest).date() if times else None


def _work(
    client: TmdbClient,
    plan: _Plan,
    keeper: ResponseRecorder,
    terms: EnrichOptions,
    ends: float | None,
    progress: Progress,
) -> None:
    titles = islice(((kind, imdb_id) for kind in Kind for imdb_id in plan.due[kind]), terms.limit)
    total = plan.size if terms.limit is None else min(plan.size, terms.limit)
    ask = partial(_ask, client, keeper, plan.ledgers, terms.now)
    seconds = None if ends is None else ends - time.monotonic()
    with closing(map_parallel(ask, titles, terms.threads, client.limit.stop, seconds)) as answers:
        for done, _ in enumerate(answers, 1):
            progress("titles", done, total)
    keeper.finish()


def _ask(
    client: TmdbClient,
    keeper: ResponseRecorder,
    ledgers: dict[Kind, Ledger],
    now: Callable[[], datetime],
    title: Title,
) -> Title | None:
    """The title once what became of it is kept; None where the run was stopped before."""
    kind, imdb_id = title
    known = ledgers[kind].entries.get(imdb_id)
    tmdb_id = known.tmdb_id if known else None

    def identified(found: int) -> None:
        nonlocal tmdb_id
        tmdb_id = found
        keeper.note(Record(kind, Entry(imdb_id, found, Outcome.PENDING, now())))

    try:
        answer = client.title(kind, imdb_id, tmdb_id, identified)
    except StoppedError:
        return None
    except UnavailableError as error:
        attempts = known.attempts + 1 if known else 1
        entry = Entry(imdb_id, tmdb_id, Outcome.FAILED, now(), attempts, error.reason)
        keeper.keep(Record(kind, entry, reached=error.reached))
    else:
        entry = Entry(imdb_id, answer.tmdb_id, answer.outcome, now())
        keeper.keep(Record(kind, entry, answer.body))
    return title


def _summary(plan: _Plan, keeper: ResponseRecorder, usage: RequestStats, seconds: float) -> Summary:
    left = plan.size - keeper.outcomes.total()
    return Summary(
        started_at=plan.at,
        due=plan.size,
        found=keeper.outcomes[Outcome.FOUND],
        not_found=keeper.outcomes[Outcome.NOT_FOUND],
        other_kind=keeper.outcomes[Outcome.OTHER_KIND],
        failed=dict(keeper.reasons),
        left=left,
        requests=usage.requests,
        retries=usage.retries,
        too_many=usage.too_many,
        change_pages=plan.change_pages,
        seconds=round(seconds, 1),
        rate=round(usage.requests / seconds, 2) if seconds else 0.0,
        changes_until=plan.changes_since if left else plan.at.date(),
    )
