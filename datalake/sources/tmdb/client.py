"""The TMDB API, as far as the lake asks it: titles by their IMDb id, and what changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import requests

from datalake.core.settings import TMDB_URL
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.auth import Token
from datalake.sources.tmdb.outcome import MEDIA_TYPE, Outcome
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.transport import RequestStats, RetryPolicy, Transport, UnavailableError

DEFAULT_RATE = 25.0  # a second; TMDB's limit is «somewhere in the 40 requests per second range»
_APPEND = {Kind.MOVIE: "credits,external_ids", Kind.SERIES: "aggregate_credits,external_ids"}
_OTHER = {Kind.MOVIE: Kind.SERIES, Kind.SERIES: Kind.MOVIE}
_WINDOW_DAYS = 14
_LAST_PAGE = 500


@dataclass(frozen=True)
class Answer:
    """What TMDB knows of a title; `tmdb_id` and `body` only where it was found."""

    outcome: Outcome
    tmdb_id: int | None = None
    body: dict[str, Any] | None = None


def _forget(tmdb_id: int) -> None:
    """For who has no use for an id before its answer."""


class TmdbClient:
    """The API behind one rate limit; its methods may be called from many threads at once.

    Each raises `UnavailableError` where one question stays without an answer, and `TmdbError`
    where no other will fare better (a wrong token, above all).
    """

    def __init__(
        self,
        token: Token,
        base_url: str = TMDB_URL,
        limit: RateLimiter | None = None,
        patience: RetryPolicy | None = None,
        session: requests.Session | None = None,
    ) -> None:
        self.limit = limit or RateLimiter(DEFAULT_RATE)
        self._transport = Transport(base_url, token, self.limit, patience or RetryPolicy(), session)

    @property
    def usage(self) -> RequestStats:
        """The requests sent so far."""
        return self._transport.usage

    @property
    def base_url(self) -> str:
        """The address asked, for messages."""
        return self._transport.base_url

    def title(
        self,
        kind: Kind,
        imdb_id: str,
        tmdb_id: int | None = None,
        identified: Callable[[int], None] = _forget,
    ) -> Answer:
        """The title with its credits: one request for a film, or where `tmdb_id` is known.

        `/movie` takes an IMDb id, which the API's document doesn't promise, and `/tv` doesn't
        take one; so `/find` is asked for series, and where a film's page isn't there. The id it
        tells goes to `identified` before the second request, so that it is never asked again.
        """
        page = tmdb_id if tmdb_id is not None else (imdb_id if kind is Kind.MOVIE else None)
        body = self._details(kind, page) if page is not None else None
        # TMDB merges and reassigns entries: a number kept from earlier may be another title now.
        if body is None or (tmdb_id is not None and _names_another(body, imdb_id)):
            return self._found(kind, imdb_id, identified, ahead=page is not None)
        return Answer(Outcome.FOUND, body["id"], body)

    def changed(self, kind: Kind, start: date, end: date) -> set[int]:
        """TMDB ids of that kind edited from `start` to `end`, both days included."""
        changed: set[int] = set()
        while start <= end:
            last = min(start + timedelta(days=_WINDOW_DAYS - 1), end)
            changed |= self._changed_within(kind, start, last)
            start = last + timedelta(days=1)
        return changed

    def _changed_within(self, kind: Kind, start: date, end: date) -> set[int]:
        first = self._change_page(kind, start, end, 1)
        pages = first.get("total_pages", 1)
        if pages > _LAST_PAGE and start < end:
            middle = start + (end - start) // 2
            return self._changed_within(kind, start, middle) | self._changed_within(
                kind, middle + timedelta(days=1), end
            )
        changed = set(_ids(first, "results"))
        for number in range(2, min(pages, _LAST_PAGE) + 1):
            changed.update(_ids(self._change_page(kind, start, end, number), "results"))
        return changed

    def _found(
        self, kind: Kind, imdb_id: str, identified: Callable[[int], None], ahead: bool
    ) -> Answer:
        found = self._transport.get(f"find/{imdb_id}", ahead, external_source="imdb_id") or {}
        for tmdb_id in _ids(found, f"{MEDIA_TYPE[kind]}_results"):
            identified(tmdb_id)
            body = self._details(kind, tmdb_id, ahead=True)
            return Answer(Outcome.FOUND, tmdb_id, body) if body else Answer(Outcome.NOT_FOUND)
        elsewhere = _ids(found, f"{MEDIA_TYPE[_OTHER[kind]]}_results")
        return Answer(Outcome.OTHER_KIND if elsewhere else Outcome.NOT_FOUND)

    def _details(self, kind: Kind, page: str | int, ahead: bool = False) -> dict[str, Any] | None:
        path = f"{MEDIA_TYPE[kind]}/{page}"
        body = self._transport.get(path, ahead, append_to_response=_APPEND[kind])
        if body is not None and not isinstance(body.get("id"), int):
            raise UnavailableError(
                f"{self.base_url}/{path}: the answer has no id; check --tmdb-url", "no id", False
            )
        return body

    def _change_page(self, kind: Kind, start: date, end: date, number: int) -> dict[str, Any]:
        page = self._transport.get(
            f"{MEDIA_TYPE[kind]}/changes",
            start_date=start.isoformat(),
            end_date=end.isoformat(),
            page=number,
        )
        return page or {}


def _ids(answer: dict[str, Any], name: str) -> list[int]:
    return [item["id"] for item in answer.get(name) or () if isinstance(item.get("id"), int)]


def _names_another(body: dict[str, Any], imdb_id: str) -> bool:
    named = (body.get("external_ids") or {}).get("imdb_id")
    return bool(named) and named != imdb_id
