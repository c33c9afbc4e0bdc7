import gzip
import json
import logging
import threading
import time
import traceback
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from datalake.core.errors import SettingsError, TmdbError
from datalake.demo.faults import Faults
from datalake.demo.replay import Bodies
from datalake.demo.server import TmdbServer
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.auth import ApiKey, Bearer
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.rate_limiter import RateLimiter, StoppedError
from datalake.sources.tmdb.retry import RetryPolicy, UnavailableError
from datalake.sources.tmdb.transport import RequestStats

SECRET = "s3cr3t-0123456789abcdef"
QUICK = RetryPolicy(
    attempts=5, total_seconds=20, connect_seconds=1, read_seconds=0.3, backoff_seconds=0.01
)
FILM = {"id": 603, "credits": {}, "external_ids": {"imdb_id": "tt0133093"}}
WHOLE = json.dumps(FILM).encode()
PACKED = gzip.compress(WHOLE)
GONE = (404, {}, {"success": False, "status_code": 34, "status_message": "not found"})
BUSY = {"success": False, "status_code": 25, "status_message": "over the limit"}
BROKEN = (500, {}, {"success": False, "status_code": 11})


class Waits:
    """A sleep that only notes how long."""

    def __init__(self):
        self.seconds = []
        self.now = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.seconds.append(seconds)
        self.now += seconds
        return False


@contextmanager
def scripted(*replies):
    """A server that answers (status, headers, body) one after another, the last one for ever."""
    asked, rest = [], list(replies)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.path)
            status, headers, body = rest.pop(0) if len(rest) > 1 else rest[0]
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            usual = {"Content-Length": str(len(content)), "Connection": "close"}
            for name, value in (usual | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/3", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def client(url, token=None, waits=None, policy=QUICK, rate=1000):
    time = {"clock": waits.clock, "sleep": waits.sleep} if waits else {}
    return TmdbClient(token or Bearer(SECRET), url, RateLimiter(rate, **time), policy)


def bodies(**titles):
    """From `tt1=("movie", 603)` and the like."""
    kept = Bodies()
    for imdb_id, (media_type, tmdb_id) in titles.items():
        body = {"id": tmdb_id, "genres": [], "external_ids": {"imdb_id": imdb_id}, "credits": {}}
        record = {"imdb_id": imdb_id, "media_type": media_type, "tmdb_id": tmdb_id, "body": body}
        kept.add(json.dumps(record).encode())
    return kept


KEPT = bodies(tt0133093=("movie", 603), tt0903747=("tv", 1396))


@pytest.mark.parametrize(
    ("kind", "imdb_id", "tmdb_id", "outcome", "found_id", "requests"),
    [
        (Kind.MOVIE, "tt0133093", None, Outcome.FOUND, 603, {"movie": 1}),
        (Kind.MOVIE, "tt0133093", 603, Outcome.FOUND, 603, {"movie": 1}),
        (Kind.SERIES, "tt0903747", None, Outcome.FOUND, 1396, {"find": 1, "tv": 1}),
        (Kind.SERIES, "tt0903747", 1396, Outcome.FOUND, 1396, {"tv": 1}),
        (Kind.MOVIE, "tt0903747", None, Outcome.OTHER_KIND, None, {"movie": 1, "find": 1}),
        (Kind.SERIES, "tt0133093", None, Outcome.OTHER_KIND, None, {"find": 1}),
        (Kind.MOVIE, "tt9999999", None, Outcome.NOT_FOUND, None, {"movie": 1, "find": 1}),
        (Kind.SERIES, "tt9999999", None, Outcome.NOT_FOUND, None, {"find": 1}),
        # The number kept from earlier is gone, or is another title now.
        (Kind.SERIES, "tt0903747", 77, Outcome.FOUND, 1396, {"tv": 2, "find": 1}),
        (Kind.MOVIE, "tt9999999", 603, Outcome.NOT_FOUND, None, {"movie": 1, "find": 1}),
    ],
)
def test_a_title_by_its_imdb_id(kind, imdb_id, tmdb_id, outcome, found_id, requests):
    with TmdbServer(KEPT, SECRET) as server:
        answer = client(server.url).fetch_title(kind, imdb_id, tmdb_id)
        assert (answer.outcome, answer.tmdb_id) == (outcome, found_id)
        assert (answer.body is not None) == (outcome is Outcome.FOUND)
        assert dict(server.requests) == requests


@pytest.mark.parametrize(
    ("kind", "imdb_id", "told"),
    [(Kind.SERIES, "tt0903747", [1396]), (Kind.MOVIE, "tt0133093", []), (Kind.SERIES, "tt1", [])],
)
def test_an_id_is_told_before_the_page_is_asked_for(kind, imdb_id, told):
    heard = []
    with TmdbServer(KEPT, SECRET) as server:
        client(server.url).fetch_title(
            kind,
            imdb_id,
            on_identified=lambda tmdb_id: heard.append((tmdb_id, server.requests["tv"])),
        )
    assert heard == [(tmdb_id, 0) for tmdb_id in told]


def test_the_credits_come_with_the_details():
    with TmdbServer(KEPT, SECRET) as server:
        body = client(server.url).fetch_title(Kind.MOVIE, "tt0133093").body
    assert body["credits"] == {}
    assert body["external_ids"] == {"imdb_id": "tt0133093"}


def test_a_v3_key_is_accepted_as_well():
    with TmdbServer(KEPT, SECRET) as server:
        answer = client(server.url, ApiKey(SECRET)).fetch_title(Kind.MOVIE, "tt0133093")
    assert answer.outcome is Outcome.FOUND


@pytest.mark.parametrize("fault", ["500", "502", "503", "504", "reset", "cut", "hang", "429"])
def test_what_is_transient_is_tried_again(fault):
    faults = Faults({fault: 0.5}, seed=3, hang_seconds=2)
    with TmdbServer(KEPT, SECRET, faults=faults) as server:
        asking = client(server.url, waits=Waits())
        for _ in range(6):
            assert asking.fetch_title(Kind.MOVIE, "tt0133093").outcome is Outcome.FOUND
        failed = sum(count for key, count in server.outcomes.items() if key != 200)
        assert failed > 0
        assert asking.stats == RequestStats(6 + failed, failed, server.seen_429)


@pytest.mark.parametrize(
    "cut",
    [
        (200, {"Content-Length": "100"}, b'{"id": 603, "credi'),
        (200, {}, b'{"id": 603, "credi'),
        (200, {"Content-Length": str(len(WHOLE))}, WHOLE[:-2]),
        (200, {}, WHOLE[:-2]),
        (200, {"Content-Length": str(len(PACKED)), "Content-Encoding": "gzip"}, PACKED[:-2]),
        (200, {"Content-Encoding": "gzip"}, PACKED[: len(PACKED) // 2]),
        (200, {}, b""),
        (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b not gzip"),
        (200, {}, b"<html>Welcome to the hotel's network</html>"),
    ],
)
def test_a_body_that_is_not_whole_is_asked_again(cut):
    with scripted(cut, (200, {}, FILM)) as (url, asked):
        assert client(url).fetch_title(Kind.MOVIE, "tt0133093").body == FILM
        assert len(asked) == 2


def in_seconds(seconds):
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("retry_after", "low", "high"),
    [
        (lambda: {"Retry-After": "7"}, 7, 7),
        (lambda: {"Retry-After": in_seconds(15)}, 8, 15),
        (lambda: {"Retry-After": in_seconds(-60)}, 0, 0),
        (lambda: {"Retry-After": "soon"}, 0, QUICK.backoff_seconds),
        (dict, 0, QUICK.backoff_seconds),
    ],
)
def test_a_429_closes_the_gate_for_everyone(retry_after, low, high):
    waits = Waits()
    with scripted((429, retry_after(), BUSY), (200, {}, FILM)) as (url, _):
        asking = client(url, waits=waits)
        asking.fetch_title(Kind.MOVIE, "tt0133093")
    assert low <= sum(waits.seconds) <= high + 1e-6
    assert asking.stats == RequestStats(requests=2, retries=1, too_many=1)


def test_a_429_of_one_thread_holds_the_others():
    moments = []
    with scripted((429, {"Retry-After": "1"}, BUSY), (200, {}, FILM)) as (url, _):
        asking = client(url)

        def ask():
            asking.fetch_title(Kind.MOVIE, "tt0133093")
            moments.append(time.monotonic() - began)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        threads[0].start()
        while not asking.stats.too_many:
            time.sleep(0.001)
        time.sleep(0.01)
        began = time.monotonic()
        for thread in threads[1:]:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(moments) == 4
    assert min(moments) >= 0.9


def test_a_redirect_is_not_followed():
    with scripted((302, {"Location": "/3/elsewhere"}, b""), (200, {}, FILM)) as (url, asked):
        client(url).fetch_title(Kind.MOVIE, "tt0133093")
    assert {urlsplit(path).path for path in asked} == {"/3/movie/tt0133093"}


def test_the_waits_grow_and_are_spread():
    policy = RetryPolicy(attempts=5, total_seconds=1000, backoff_seconds=1)
    tried = []
    with scripted(BROKEN) as (url, asked):
        for _ in range(10):
            waits = Waits()
            with pytest.raises(UnavailableError, match=r"HTTP 500") as raised:
                client(url, waits=waits, policy=policy, rate=1e9).fetch_title(Kind.MOVIE, "tt1")
            tried.append([seconds for seconds in waits.seconds if seconds > 1e-6])
    assert len(asked) == 50
    assert raised.value.reason == "HTTP 500"
    assert raised.value.reached
    for waits_so_far, longest in zip(zip(*tried, strict=True), (1, 2, 4, 8), strict=True):
        assert longest / 4 < max(waits_so_far) <= longest
        assert len(set(waits_so_far)) == 10


def test_the_time_over_all_tries_is_capped():
    waits = Waits()
    policy = RetryPolicy(attempts=100, total_seconds=60, backoff_seconds=1)
    with scripted(BROKEN) as (url, _), pytest.raises(UnavailableError):
        client(url, waits=waits, policy=policy).fetch_title(Kind.MOVIE, "tt0133093")
    assert waits.now <= 60


def test_429_without_end_gives_up_by_time():
    waits = Waits()
    with scripted((429, {"Retry-After": "3"}, BUSY)) as (url, asked):
        with pytest.raises(UnavailableError, match="HTTP 429"):
            client(url, waits=waits).fetch_title(Kind.MOVIE, "tt0133093")
        assert 5 < len(asked) <= 8


def test_a_wait_too_long_for_a_run_is_told():
    with (
        scripted((429, {"Retry-After": "3600"}, BUSY)) as (url, asked),
        pytest.raises(TmdbError, match="3600 s") as raised,
    ):
        client(url).fetch_title(Kind.MOVIE, "tt0133093")
    assert not isinstance(raised.value, UnavailableError)
    assert len(asked) == 1


@pytest.mark.parametrize("token", [Bearer("wrong"), ApiKey("wrong")])
def test_a_refused_token_stops_at_once_and_names_the_variable(token):
    with TmdbServer(KEPT, SECRET) as server:
        with pytest.raises(TmdbError, match=r"TMDB_TOKEN") as raised:
            client(server.url, token).fetch_title(Kind.MOVIE, "tt0133093")
        assert not isinstance(raised.value, UnavailableError)
        assert server.requests.total() == 1
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("reply", "reached", "tries"),
    [
        ((404, {}, b"<html>nothing here</html>"), False, 3),
        ((404, {}, {"detail": "Not Found"}), True, 1),
        ((301, {"Location": "http://127.0.0.1:9/"}, b""), False, 3),
        ((400, {}, {"success": False, "status_code": 27}), True, 1),
        ((200, {}, [1, 2]), False, 3),
    ],
)
def test_an_endpoint_that_is_not_tmdb_has_no_unknown_titles(reply, reached, tries):
    with scripted(reply) as (url, asked):
        with pytest.raises(UnavailableError, match="--tmdb-url") as raised:
            client(url).fetch_title(Kind.MOVIE, "tt0133093")
        assert len(asked) == tries
    assert raised.value.reached == reached


def test_an_answer_without_id_is_no_title():
    with scripted((200, {}, {"success": True})) as (url, _), pytest.raises(UnavailableError):
        client(url).fetch_title(Kind.MOVIE, "tt0133093")


@pytest.mark.parametrize(
    "url", ["", "api.themoviedb.org/3", "ftp://host/3", "http://me:pw@host/3", "http://["]
)
def test_a_bad_address_is_named(url):
    with pytest.raises(SettingsError, match="--tmdb-url") as raised:
        client(url)
    assert "pw" not in str(raised.value)


def test_a_stop_ends_the_wait_for_a_retry():
    with scripted((503, {"Retry-After": "15"}, BROKEN[2])) as (url, _):
        asking = client(url)
        threading.Timer(0.1, asking.rate_limiter.stop.set).start()
        began = time.monotonic()
        with pytest.raises(StoppedError):
            asking.fetch_title(Kind.MOVIE, "tt0133093")
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("make", [Bearer, ApiKey])
@pytest.mark.parametrize(
    "reply",
    [
        (200, {}, FILM),
        (401, {}, {"status_code": 7, "status_message": SECRET}),
        (500, {}, b""),
        (200, {"Content-Length": "99"}, b"{"),
        (400, {}, {"status_code": 5}),
        None,
    ],
)
def test_the_secret_shows_nowhere(make, reply, caplog):
    caplog.set_level(logging.DEBUG)
    token = make(SECRET)
    shown = [repr(token), str(token), f"{token}"]
    with scripted(reply or GONE) as (url, _):
        pass_on = url if reply else "http://127.0.0.1:9/3"  # nothing listens there
        try:
            client(pass_on, token).fetch_title(Kind.MOVIE, "tt0133093")
        except TmdbError:
            shown.append(traceback.format_exc())
            assert reply != (200, {}, FILM)
    shown += [record.getMessage() for record in caplog.records]
    assert any("GET /3/movie/tt0133093" in text for text in shown) or reply is None
    assert SECRET not in "\n".join(shown)


def test_the_key_is_in_no_exception_even_behind_the_scenes():
    asking = client("http://127.0.0.1:9/3", ApiKey(SECRET))
    with pytest.raises(UnavailableError, match="connection failed") as raised:
        asking.fetch_title(Kind.MOVIE, "tt0133093")
    assert raised.value.__context__ is None
    assert not raised.value.reached


@pytest.mark.parametrize("value", ["", "  ", "two words", "naïve", "a\nb"])
def test_a_token_that_cannot_be_one_is_named_not_shown(value):
    for make, variable in ((Bearer, "TMDB_TOKEN"), (ApiKey, "TMDB_API_KEY")):
        with pytest.raises(SettingsError, match=variable) as raised:
            make(value)
        assert value.strip() == "" or value not in str(raised.value)


def test_a_newline_after_the_token_does_no_harm():
    with TmdbServer(KEPT, SECRET) as server:
        assert client(server.url, Bearer(f"{SECRET}\n")).fetch_title(Kind.MOVIE, "tt0133093").body


START = date(2026, 1, 1)


def test_changes_are_read_over_all_windows_and_pages():
    with TmdbServer(KEPT, SECRET) as server:
        for number in range(250):
            server.mark_changed("movie", number, START)
        for offset in (13, 14, 27, 28, 40):
            server.mark_changed("movie", 1000 + offset, START + timedelta(offset))
        server.mark_changed("movie", 9001, START - timedelta(1))
        server.mark_changed("movie", 9002, START + timedelta(41))
        server.mark_changed("tv", 9003, START)
        changed = client(server.url).changed_ids(Kind.MOVIE, START, START + timedelta(40))
        assert changed == {*range(250), 1013, 1014, 1027, 1028, 1040}
        assert dict(server.requests) == {"movie/changes": 3 + 1 + 1}


def test_a_window_of_too_many_pages_is_halved():
    many = (200, {}, {"results": [{"id": 1}], "page": 1, "total_pages": 501})
    few = [(200, {}, {"results": [{"id": n, "adult": None}], "total_pages": 1}) for n in (2, 3)]
    with scripted(many, *few) as (url, asked):
        assert client(url).changed_ids(Kind.SERIES, START, START + timedelta(13)) == {2, 3}
    assert [urlsplit(path).query for path in asked] == [
        "start_date=2026-01-01&end_date=2026-01-14&page=1",
        "start_date=2026-01-01&end_date=2026-01-07&page=1",
        "start_date=2026-01-08&end_date=2026-01-14&page=1",
    ]
