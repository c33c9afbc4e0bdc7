"""Classifies TMDB's HTTP responses: a body, no such title, or a failure, retryable or not."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import requests

from datalake.core.errors import TmdbError

TOO_MANY = "HTTP 429"


class RequestFailure(NamedTuple):
    """Why a request has no usable response, in a few words that are the same for like cases.

    `reached` is false where no TMDB API responded at all;
    `retry_after` is in seconds; `retryable` is false where another attempt would fail as well.
    """

    reason: str
    reached: bool = True
    retry_after: float | None = None
    retryable: bool = True


def classify_response(response: requests.Response) -> dict[str, Any] | RequestFailure | None:
    """The body, None for TMDB's own 404, or the failure; `TmdbError` for a refused token."""
    status = response.status_code
    body = _json_object(response.content)
    if status in (401, 403):
        raise TmdbError(
            f"TMDB refuses the token (HTTP {status});"
            " check TMDB_TOKEN, the v4 read access token, or TMDB_API_KEY, the v3 key"
        )
    if status == 429 or status >= 500:
        return RequestFailure(f"HTTP {status}", retry_after=_retry_after(response))
    if body is None:
        return RequestFailure("not JSON" if status == 200 else f"HTTP {status}", reached=False)
    if status == 404 and "status_code" in body:
        return None
    return body if status == 200 else RequestFailure(f"HTTP {status}", retryable=False)


def _retry_after(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # An HTTP date is in GMT; one marked -0000 is read as having no zone.
    return max(0.0, (moment.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds())


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):  # not JSON, or nested deeper than any title is
        return None
    return value if isinstance(value, dict) else None
