"""TMDB's responses to requests, apart from how they are sent."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from datalake.demo.replay import Bodies, MediaType

Query = dict[str, str]

_ERRORS = {
    5: (422, "Invalid parameters: Your request parameters are incorrect."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    9: (503, "Service offline: This service is temporarily offline, try again later."),
    11: (500, "Internal error: Something went wrong, contact TMDb."),
    20: (422, "Invalid date range: Should be a range no longer than 14 days."),
    22: (
        400,
        "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.",
    ),
    23: (400, "Invalid date: Format needs to be YYYY-MM-DD."),
    24: (504, "Your request to the backend server timed out. Try again."),
    25: (429, "Your request count is over the allowed limit."),
    27: (
        400,
        "Too many append to response objects: The maximum number of remote calls is 20.",
    ),
    34: (404, "The resource you requested could not be found."),
    43: (502, "Couldn't connect to the backend server."),
}
_FIND = re.compile(r"/3/find/([^/]+)")
_DETAILS = re.compile(r"/3/(movie|tv)/([^/]+)")
_CHANGES = re.compile(r"/3/(movie|tv)/changes")
_APPENDABLE = {
    MediaType.MOVIE: frozenset({"credits", "external_ids"}),
    MediaType.TV: frozenset({"aggregate_credits", "external_ids"}),
}
_NAMES = {
    MediaType.MOVIE: ("title", "original_title", "release_date"),
    MediaType.TV: ("name", "original_name", "first_air_date"),
}
_PAGE = 100


@dataclass(frozen=True)
class Response:
    """An HTTP status and the JSON to send with it; `endpoint` names what was requested."""

    endpoint: str
    status: int
    body: dict[str, Any]


def error(code: int, endpoint: str = "") -> Response:
    """TMDB's error of that code; the code is not the HTTP status."""
    status, message = _ERRORS[code]
    body = {"success": False, "status_code": code, "status_message": message}
    return Response(endpoint, status, body)


def error_of_status(status: int) -> Response:
    """TMDB's error that comes with that HTTP status."""
    return error(next(code for code, (code_status, _) in _ERRORS.items() if code_status == status))


class Endpoints:
    """`/find`, details and changes, over kept bodies."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._changed: dict[tuple[MediaType, date], dict[int, None]] = {}

    def mark_changed(self, media_type: str, tmdb_id: int, day: date) -> None:
        """Let `/changes` list that this title changed on that day."""
        self._changed.setdefault((MediaType(media_type), day), {})[tmdb_id] = None

    def respond(self, path: str, query: Query) -> Response:
        """The response to a GET whose token was right."""
        if match := _FIND.fullmatch(path):
            return self._find(match[1], query)
        if match := _CHANGES.fullmatch(path):
            return self._changes(MediaType(match[1]), query)
        if match := _DETAILS.fullmatch(path):
            return self._details(MediaType(match[1]), match[2], query)
        return error(34, "unknown")

    def _find(self, imdb_id: str, query: Query) -> Response:
        if query.get("external_source") != "imdb_id":
            return error(5, "find")
        kinds = ("movie", "person", "tv", "tv_episode", "tv_season")
        results: dict[str, Any] = {f"{kind}_results": [] for kind in kinds}
        for media_type in MediaType:
            tmdb_id = self._bodies.tmdb_id(media_type, imdb_id)
            if body := tmdb_id is not None and self._bodies.get(media_type, tmdb_id):
                results[f"{media_type}_results"].append(_result(media_type, body))
        return Response("find", 200, results)

    def _details(self, media_type: MediaType, title_ref: str, query: Query) -> Response:
        appended = {part for part in query.get("append_to_response", "").split(",") if part}
        if len(appended) > 20:
            return error(27, media_type)
        tmdb_id = int(title_ref) if title_ref.isdecimal() else None
        if media_type is MediaType.MOVIE and title_ref.startswith("tt"):
            tmdb_id = self._bodies.tmdb_id(media_type, title_ref)
        body = None if tmdb_id is None else self._bodies.get(media_type, tmdb_id)
        if body is None:
            return error(34, media_type)
        left_out = _APPENDABLE[media_type] - appended
        return Response(media_type, 200, {k: v for k, v in body.items() if k not in left_out})

    def _changes(self, media_type: MediaType, query: Query) -> Response:
        endpoint = f"{media_type}/changes"
        page = query.get("page", "1")
        if not (page.isdecimal() and 1 <= int(page) <= 500):
            return error(22, endpoint)
        try:
            days = _days(query)
        except ValueError:
            return error(23, endpoint)
        if not 0 < len(days) <= 15:
            return error(20, endpoint)
        changed = (self._changed.get((media_type, day), {}) for day in days)
        ids = list(dict.fromkeys(chain.from_iterable(changed)))
        start = (int(page) - 1) * _PAGE
        body = {
            "results": [{"id": tmdb_id, "adult": False} for tmdb_id in ids[start : start + _PAGE]],
            "page": int(page),
            "total_pages": max(1, -(-len(ids) // _PAGE)),
            "total_results": len(ids),
        }
        return Response(endpoint, 200, body)


def _days(query: Query) -> list[date]:
    """The days from `start_date` to `end_date`, both counted; without them the last two."""
    end = date.fromisoformat(query.get("end_date") or datetime.now(UTC).date().isoformat())
    start = date.fromisoformat(query.get("start_date") or (end - timedelta(days=1)).isoformat())
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def _result(media_type: MediaType, body: dict[str, Any]) -> dict[str, Any]:
    """What `/find` has of a title: less than its details do."""
    common = (
        "backdrop_path",
        "id",
        "original_language",
        "overview",
        "poster_path",
        "popularity",
        "vote_average",
        "vote_count",
    )
    own = ("video",) if media_type is MediaType.MOVIE else ("origin_country",)
    return {
        "adult": body.get("adult", False),
        "media_type": media_type,
        "genre_ids": [genre["id"] for genre in body["genres"]],
        **{name: body.get(name) for name in (*common, *_NAMES[media_type], *own)},
    }
