"""A client of the TMDB API: titles by IMDb id, and the ids of changed titles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import requests

from datalake.core.options import RATE, TMDB_URL
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.auth import Token
from datalake.sources.tmdb.bodies import integer, objects_in
from datalake.sources.tmdb.outcome import MEDIA_TYPE, Outcome
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.retry import RetryPolicy, UnavailableError
from datalake.sources.tmdb.transport import RequestStats, Transport

_APPEND = {Kind.MOVIE: "credits,external_ids", Kind.SERIES: "aggregate_credits,external_ids"}
_OTHER_KIND = {Kind.MOVIE: Kind.SERIES, Kind.SERIES: Kind.MOVIE}
_WINDOW_DAYS = 14
_LAST_PAGE = 500


@dataclass(frozen=True)
class TitleResponse:
    """What TMDB has on a title; `tmdb_id` and `body` only where it was found."""

    outcome: Outcome
    tmdb_id: int | None = None
    body: dict[str, Any] | None = None


def _ignore(tmdb_id: int) -> None:
    """Do nothing with an id that `/find` gives."""


class TmdbClient:
    """The API behind one rate limit; its methods may be called from many threads at once.

    Each raises `UnavailableError` where one request gets no usable response, and `TmdbError`
    where every other request would fail too, as with a wrong token.
    """

    def __init__(
        self,
        token: Token,
        base_url: str = TMDB_URL.default,
        rate_limiter: RateLimiter | None = None,
        retry_policy: RetryPolicy | None = None,
        session: requests.Session | None = None,
    ) -> None:
        self.rate_limiter = rate_limiter or RateLimiter(RATE.default)
        self._transport = Transport(
            base_url, token, self.rate_limiter, retry_policy or RetryPolicy(), session
        )

    @property
    def stats(self) -> RequestStats:
        """The requests sent so far."""
        return self._transport.stats

    @property
    def base_url(self) -> str:
        """The API's address, for messages."""
        return self._transport.base_url

    def fetch_title(
        self,
        kind: Kind,
        imdb_id: str,
        tmdb_id: int | None = None,
        on_identified: Callable[[int], None] = _ignore,
    ) -> TitleResponse:
        """The title with its credits: one request for a film, or where `tmdb_id` is known.

        `/movie` takes an IMDb id, which the API's document doesn't promise, and `/tv` doesn't
        take one; so `/find` is asked for series, and where a film's page isn't there. Its id
        goes to `on_identified` before the second request, so that it need not be found again.
        """
        title_ref = tmdb_id if tmdb_id is not None else (imdb_id if kind is Kind.MOVIE else None)
        body = self._details(kind, title_ref) if title_ref is not None else None
        # TMDB merges and reassigns entries: an id kept from earlier may be another title now.
        if body is None or (tmdb_id is not None and _is_another_title(body, imdb_id)):
            return self._find_title(kind, imdb_id, on_identified, priority=title_ref is not None)
        return TitleResponse(Outcome.FOUND, integer(body.get("id")), body)

    def changed_ids(self, kind: Kind, start: date, end: date) -> set[int]:
        """TMDB ids of that kind edited from `start` to `end`, both days included."""
        changed: set[int] = set()
        while start <= end:
            last = min(start + timedelta(days=_WINDOW_DAYS - 1), end)
            changed |= self._changed_within(kind, start, last)
            start = last + timedelta(days=1)
        return changed

    def _changed_within(self, kind: Kind, start: date, end: date) -> set[int]:
        pages, changed = self._change_page(kind, start, end, 1)
        if pages > _LAST_PAGE and start < end:
            middle = start + (end - start) // 2
            return self._changed_within(kind, start, middle) | self._changed_within(
                kind, middle + timedelta(days=1), end
            )
        for number in range(2, min(pages, _LAST_PAGE) + 1):
            changed |= self._change_page(kind, start, end, number)[1]
        return changed

    def _find_title(
        self, kind: Kind, imdb_id: str, on_identified: Callable[[int], None], priority: bool
    ) -> TitleResponse:
        path = f"find/{imdb_id}"
        matches = self._transport.get(path, priority, external_source="imdb_id")
        if matches is None:
            return TitleResponse(Outcome.NOT_FOUND)
        for tmdb_id in self._ids(path, matches, f"{MEDIA_TYPE[kind]}_results"):
            on_identified(tmdb_id)
            body = self._details(kind, tmdb_id, priority=True)
            if body is None:
                return TitleResponse(Outcome.NOT_FOUND)
            return TitleResponse(Outcome.FOUND, tmdb_id, body)
        is_other_kind = matches.get(f"{MEDIA_TYPE[_OTHER_KIND[kind]]}_results")
        return TitleResponse(Outcome.OTHER_KIND if is_other_kind else Outcome.NOT_FOUND)

    def _details(
        self, kind: Kind, title_ref: str | int, priority: bool = False
    ) -> dict[str, Any] | None:
        path = f"{MEDIA_TYPE[kind]}/{title_ref}"
        body = self._transport.get(path, priority, append_to_response=_APPEND[kind])
        if body is not None and integer(body.get("id")) is None:
            raise self._unusable(path, "no id")
        return body

    def _change_page(self, kind: Kind, start: date, end: date, number: int) -> tuple[int, set[int]]:
        """How many pages there are, and the ids on page `number`."""
        path = f"{MEDIA_TYPE[kind]}/changes"
        page = self._transport.get(
            path, start_date=start.isoformat(), end_date=end.isoformat(), page=number
        )
        if page is None:
            return 1, set()
        return integer(page.get("total_pages")) or 1, set(self._ids(path, page, "results"))

    def _ids(self, path: str, body: dict[str, Any], name: str) -> list[int]:
        items = body.get(name)
        ids = [integer(item.get("id")) for item in objects_in(items)]
        valid_ids = [tmdb_id for tmdb_id in ids if tmdb_id is not None]
        if not isinstance(items, list) or (items and not valid_ids):
            raise self._unusable(path, f"no {name}")
        return valid_ids

    def _unusable(self, path: str, reason: str) -> UnavailableError:
        message = f"{self.base_url}/{path}: {reason} in the response; check --tmdb-url"
        return UnavailableError(message, reason, reached=False)


def _is_another_title(body: dict[str, Any], imdb_id: str) -> bool:
    external_ids = body.get("external_ids")
    body_imdb_id = external_ids.get("imdb_id") if isinstance(external_ids, dict) else None
    return bool(body_imdb_id) and body_imdb_id != imdb_id
