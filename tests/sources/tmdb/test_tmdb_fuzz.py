"""Odd bodies of any kind: the client raises its own errors only."""

import json
from datetime import UTC, date, datetime

import requests
from hypothesis import example, given
from hypothesis import strategies as st
from support.odd_bodies import CHANGES, FILM, FIND, SHOW, documented_bodies, mutated

from datalake.core.errors import TmdbError
from datalake.enrichment.record import Entry, Record
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.auth import Bearer
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.retry import RetryPolicy

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
DAY = date(2026, 1, 10)
DOCUMENTED = documented_bodies() or (FILM, SHOW, FIND, CHANGES)


class Canned(requests.Session):
    """A session that responds by path, and to all others like the first."""

    def __init__(self, headers=None, **contents):
        super().__init__()
        self.contents, self.extra_headers = contents, headers or {}

    def get(self, url, **_):
        first = url.removeprefix("http://tmdb.test/3/").partition("/")[0]
        content = self.contents.get("changes" if url.endswith("/changes") else first)
        response = requests.Response()
        response.status_code = 404 if content is None else self.contents.get("status", 200)
        response.headers.update(self.extra_headers)
        response._content = b'{"status_code": 34}' if content is None else content
        return response


def client(**canned):
    limiter = RateLimiter(1e9)
    policy = RetryPolicy(attempts=1, total_seconds=0)
    return TmdbClient(Bearer("t"), "http://tmdb.test/3", limiter, policy, Canned(**canned))


def fetch(kind, tmdb_id=None, **canned):
    """The response, recorded and read again; None where the client raised an error of its own."""
    try:
        response = client(**canned).fetch_title(kind, "tt0000001", tmdb_id)
    except TmdbError:
        return None
    entry = Entry("tt0000001", response.tmdb_id, response.outcome, NOW)
    written = Record(kind, entry, response.body).to_line()
    assert written.count(b"\n") == 1
    assert Entry.from_line(written) == entry
    return response


chances = st.randoms(use_true_random=False)
shapes = st.sampled_from([(FILM, SHOW, FIND, CHANGES), DOCUMENTED])


def dumped(body):
    return json.dumps(body).encode()


@given(chances, shapes, st.sampled_from(Kind), st.sampled_from([None, 1]))
def test_odd_bodies_of_titles_are_found_missed_or_refused(chance, bodies, kind, tmdb_id):
    film, show, found, _ = (dumped(mutated(body, chance)) for body in bodies)
    fetch(kind, tmdb_id, movie=film, tv=show, find=found)


@given(chances, shapes)
def test_odd_change_lists_give_ids_or_are_refused(chance, bodies):
    changes = dumped(mutated(bodies[3], chance))
    try:
        ids = client(changes=changes).changed_ids(Kind.MOVIE, DAY, DAY)
    except TmdbError:
        return
    assert all(type(tmdb_id) is int for tmdb_id in ids)


@given(st.one_of(st.binary(), st.text().map(str.encode)), st.sampled_from([200, 404, 429, 500]))
@example(b"\xff\xfe{", 200)
@example(b'{"id": NaN}', 200)
@example(b'{"id": 1e400}', 200)
@example(b'{"id": ' + b"9" * 5_000 + b"}", 200)
@example(b'{"id": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 200)
def test_bytes_of_any_kind_are_no_surprise(content, status):
    fetch(Kind.MOVIE, movie=content, find=content, status=status)


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=40))
@example("Sun, 06 Nov 99999999999999999999 08:49:37 GMT")
@example("Sun, 06 Nov 1994 08:49:37 +9999999999999999")
@example("9" * 400)
def test_a_retry_after_of_any_kind_is_no_surprise(text):
    fetch(Kind.MOVIE, headers={"Retry-After": text}, movie=b"{}", status=503)
