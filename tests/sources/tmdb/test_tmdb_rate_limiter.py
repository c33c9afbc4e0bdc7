import math
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datalake.core.errors import SettingsError
from datalake.sources.tmdb.rate_limiter import RateLimiter, StoppedError


class Time:
    """A clock that only sleeping moves, and each sleep oversleeps a little."""

    def __init__(self, late=()):
        self.now = 1000.0
        self.late = iter(late)

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds + next(self.late, 0.0)
        return False


def grants(limit, time, count, idle=()):
    idle = iter(idle)
    moments = []
    for _ in range(count):
        time.now += next(idle, 0.0)
        limit.acquire()
        moments.append(time.now)
    return moments


@given(
    rate=st.integers(1, 60),
    late=st.lists(st.floats(0, 0.4), max_size=200),
    idle=st.lists(st.one_of(st.just(0.0), st.floats(0, 3)), max_size=200),
)
def test_never_over_the_cap_in_any_second(rate, late, idle):
    time = Time(late)
    moments = grants(RateLimiter(rate, clock=time.clock, sleep=time.sleep), time, 200, idle)
    for first, one_too_many in zip(moments, moments[rate:], strict=False):
        assert one_too_many - first >= 1 - 1e-9


@given(
    rate=st.floats(0.2, 60),
    late=st.lists(st.floats(0, 0.4), max_size=100),
    idle=st.lists(st.one_of(st.just(0.0), st.floats(0, 3)), max_size=100),
)
def test_never_over_the_cap_in_any_window_whatever_the_rate(rate, late, idle):
    time = Time(late)
    moments = grants(RateLimiter(rate, clock=time.clock, sleep=time.sleep), time, 100, idle)
    for first, begins in enumerate(moments):
        within = [moment for moment in moments[first:] if moment < begins + 1 - 1e-9]
        assert len(within) <= math.ceil(rate)
        # However long the window: its share of the rate, and the slots that may be caught up.
        for count, moment in enumerate(moments[first:]):
            assert count <= rate * (moment - begins) + 3 + 1e-6


@given(rate=st.floats(0.1, 50))
def test_a_busy_gate_lets_through_the_whole_rate(rate):
    time = Time()
    moments = grants(RateLimiter(rate, clock=time.clock, sleep=time.sleep), time, 100)
    seconds = moments[-1] - moments[0]
    assert 96 / rate - 1e-6 <= seconds <= 99 / rate + 1e-6  # three slots may be caught up


def test_late_threads_cost_less_than_three_percent():
    time = Time(late=[0.004] * 1000)
    moments = grants(RateLimiter(38, clock=time.clock, sleep=time.sleep), time, 1000)
    assert 999 / (moments[-1] - moments[0]) >= 0.97 * 38


def test_a_pause_holds_everyone_and_the_longest_counts():
    time = Time()
    limit = RateLimiter(10, clock=time.clock, sleep=time.sleep)
    limit.acquire()
    limit.pause(30)
    limit.pause(2)
    limit.acquire()
    assert time.now == 1030.0


def test_a_pause_also_holds_whoever_waits_already():
    time = Time()

    def sleep_and_hear_of_a_429(seconds):
        if time.now == 1000.0:
            limit.pause(5)
        return time.sleep(seconds)

    limit = RateLimiter(1, clock=time.clock, sleep=sleep_and_hear_of_a_429)
    limit.acquire()
    limit.acquire()
    assert time.now == 1005.0


def test_what_is_begun_goes_ahead_of_what_is_new():
    limit = RateLimiter(50)
    granted = []

    def begin():
        try:
            while True:
                limit.acquire()
                granted.append("new")
        except StoppedError:
            pass

    threads = [threading.Thread(target=begin) for _ in range(16)]
    for thread in threads:
        thread.start()
    waits = []
    for _ in range(5):
        before = len(granted)
        limit.acquire(priority=True)
        waits.append(len(granted) - before)
    limit.stop.set()
    for thread in threads:
        thread.join()
    # One may hold the turn and one be next to it; behind all 16 each wait would be 16.
    assert sorted(waits)[2] <= 4


def test_a_stop_ends_every_wait_at_once():
    limit = RateLimiter(0.001)
    limit.acquire()
    stopped = []

    def wait_for_a_turn():
        with pytest.raises(StoppedError):
            limit.acquire()
        stopped.append(True)

    threads = [threading.Thread(target=wait_for_a_turn) for _ in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    limit.stop.set()
    for thread in threads:
        thread.join(5)
    assert len(stopped) == 5


def test_many_real_threads_stay_within_the_rate():
    limit = RateLimiter(100)
    moments = []

    def work():
        for _ in range(6):
            limit.acquire()
            moments.append(time.monotonic())

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moments) == 60
    assert 0.5 < max(moments) - min(moments) < 1.5


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf")])
def test_a_rate_that_makes_no_sense_is_named(rate):
    with pytest.raises(SettingsError, match="--rate"):
        RateLimiter(rate)
