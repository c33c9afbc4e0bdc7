"""What is transient is tried again, with waits that grow; what is not ends at once."""

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from support.scripted_tmdb import (
    BROKEN,
    BUSY,
    FILM,
    KEPT,
    PACKED,
    QUICK,
    SECRET,
    WHOLE,
    Waits,
    client,
    scripted,
)

from datalake.core.errors import TmdbError
from datalake.demo.faults import Faults
from datalake.demo.server import TmdbServer
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.rate_limiter import StoppedError
from datalake.sources.tmdb.retry import RetryPolicy, UnavailableError
from datalake.sources.tmdb.transport import RequestStats


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
        began = time.monotonic()
        threads[0].start()
        while not asking.stats.too_many:
            time.sleep(0.001)
        time.sleep(0.01)
        for thread in threads[1:]:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(moments) == 4
    assert min(moments) >= 1


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


def test_a_stop_ends_the_wait_for_a_retry():
    with scripted((503, {"Retry-After": "15"}, BROKEN[2])) as (url, _):
        asking = client(url)
        threading.Timer(0.1, asking.rate_limiter.stop.set).start()
        began = time.monotonic()
        with pytest.raises(StoppedError):
            asking.fetch_title(Kind.MOVIE, "tt0133093")
        assert time.monotonic() - began < 5
