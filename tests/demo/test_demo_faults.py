"""The limits and the faults of a real network, committed by the local TMDB server."""

import http.client
import json
import threading
import time
import urllib.error

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.demo_client import TOKEN, get, titles

from datalake.core.errors import SettingsError
from datalake.demo.faults import Faults
from datalake.demo.server import TmdbServer


@pytest.fixture(scope="module")
def bodies():
    return titles()


def test_over_the_rate_limit_it_says_429_and_sometimes_for_how_long(bodies):
    with TmdbServer(bodies, TOKEN, rate_limit=5) as server:
        connection = http.client.HTTPConnection(server.url.split("/")[2])
        answers = []
        for _ in range(9):
            connection.request("GET", "/3/movie/7", headers={"Authorization": f"Bearer {TOKEN}"})
            answer = connection.getresponse()
            answers.append((answer.status, answer.headers["Retry-After"], json.load(answer)))
        assert [status for status, _, _ in answers] == [200] * 5 + [429] * 4
        assert [wait for _, wait, _ in answers[5:]] == ["1", None, "1", None]
        assert answers[5][2]["status_code"] == 25
        assert server.seen_429 == 4
        time.sleep(1.05)
        assert get(server, "/movie/7")[0] == 200
        connection.close()


@pytest.mark.parametrize(("status", "code"), [(429, 25), (500, 11), (502, 43), (503, 9), (504, 24)])
def test_a_fault_of_a_status_is_tmdb_s_error(bodies, status, code):
    with TmdbServer(bodies, TOKEN, faults=Faults.parse(f"{status}=1")) as server:
        found, body = get(server, "/movie/7")
        assert (found, body["status_code"]) == (status, code)
        assert server.requests["movie"] == server.outcomes[status] == 1


def test_a_reset_connection_has_no_answer(bodies):
    with TmdbServer(bodies, TOKEN, faults=Faults.parse("reset=1")) as server:
        with pytest.raises((ConnectionResetError, urllib.error.URLError), match="reset"):
            get(server, "/movie/7")
        assert server.outcomes["reset"] == 1


def test_a_cut_answer_is_shorter_than_it_claims(bodies):
    with (
        TmdbServer(bodies, TOKEN, faults=Faults.parse("cut=1")) as server,
        pytest.raises(http.client.IncompleteRead),
    ):
        get(server, "/movie/7")


def test_a_hanging_request_outlasts_the_client_s_patience_and_ends_with_the_server(bodies):
    threads = threading.active_count()
    with (
        TmdbServer(bodies, TOKEN, faults=Faults.parse("hang=1")) as server,
        pytest.raises(TimeoutError),
    ):
        get(server, "/movie/7", timeout=0.2)
    deadline = time.monotonic() + 5
    while threading.active_count() > threads and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= threads


def test_latency_is_waited(bodies):
    with TmdbServer(bodies, TOKEN, latency=0.15) as server:
        start = time.monotonic()
        get(server, "/movie/7")
        assert 0.15 <= time.monotonic() - start < 2


@given(
    st.dictionaries(st.sampled_from(("500", "reset", "cut", "hang", "429")), st.floats(0, 0.2)),
    st.integers(0, 99),
)
def test_faults_repeat_for_a_seed(shares, seed):
    text = ",".join(f"{name}={share!r}" for name, share in shares.items())
    one, two = Faults.parse(text, seed), Faults.parse(text, seed)
    assert one.shares == shares
    assert [one.draw() for _ in range(50)] == [two.draw() for _ in range(50)]


def test_faults_come_in_their_shares():
    faults = Faults.parse("500=0.2, reset=0.1")
    drawn = [faults.draw() for _ in range(10_000)]
    assert drawn.count("500") == pytest.approx(2000, abs=150)
    assert drawn.count("reset") == pytest.approx(1000, abs=120)
    assert drawn.count(None) + drawn.count("500") + drawn.count("reset") == 10_000


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("explode=0.1", "explode"),
        ("500", "500"),
        ("500=many", "500=many"),
        ("500=1.5", "1.5"),
        ("500=nan", "nan"),
        ("500=0.7,reset=0.7", "more than 1"),
    ],
)
def test_bad_faults_are_named(text, named):
    with pytest.raises(SettingsError, match=named):
        Faults.parse(text)
