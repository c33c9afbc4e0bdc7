"""Titles and change lists that fail, a server that goes down, a refused token."""

from collections import Counter
from datetime import timedelta

import pytest
from support.enriched import (
    DAY,
    FILMS,
    GENRES,
    NOON,
    QUICK,
    SECRET,
    SERIES,
    Fickle,
    at,
    days,
    files,
    make_bodies,
    make_client,
    make_lake,
    raw_ids,
)

from datalake.core.errors import TmdbError
from datalake.demo.faults import Faults
from datalake.demo.server import TmdbServer
from datalake.enrichment import response_recorder
from datalake.enrichment.run import enrich
from datalake.sources.tmdb.auth import Bearer
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.retry import RetryPolicy, UnavailableError


def test_change_lists_that_fail_do_not_stop_new_titles_and_are_read_by_the_next_run(tmp_path):
    lake = make_lake(tmp_path, FILMS[:20])
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        server.mark_changed("movie", 3, DAY + days(1))
        make_lake(tmp_path)  # twenty films more
        client = make_client(server)
        fail_on_changes(client)
        summary = enrich(lake, client, GENRES, DAY, at(NOON + days(2)))
        assert (summary.due, summary.found, summary.left) == (20, 20, 0)
        assert (summary.changes_failed, summary.changes_until) == ("HTTP 500", DAY)
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(2)))
        assert (summary.due, summary.found, summary.changes_failed) == (1, 1, "")
        assert Counter(raw_ids(lake))["tt0000003"] == 2
        client = make_client(server)
        fail_on_changes(client)
        with pytest.raises(UnavailableError, match="HTTP 500"):  # nothing else was to be done
            enrich(lake, client, GENRES, DAY, at(NOON + days(3)))


def fail_on_changes(client):
    def changed_ids(kind, start, end):
        raise UnavailableError(f"{client.base_url}/changes: HTTP 500", "HTTP 500", True)

    client.changed_ids = changed_ids


def test_a_title_that_fails_is_told_and_asked_again_after_a_growing_delay(tmp_path):
    lake = make_lake(tmp_path, FILMS[:3], SERIES[:1])
    client = Fickle(failing={FILMS[1]})
    summary = enrich(lake, client, GENRES, DAY, at(NOON))
    assert (summary.found, summary.failed, summary.left) == (3, {"HTTP 500": 1}, 0)
    assert FILMS[1] not in raw_ids(lake)
    due = []
    for minutes in range(0, 75, 5):
        due.append(enrich(lake, client, GENRES, DAY, at(NOON + timedelta(minutes=minutes))).due)
    assert [place * 5 for place, count in enumerate(due) if count] == [10, 30, 70]
    client.failing = ()
    assert enrich(lake, client, GENRES, DAY, at(NOON + days(1))).found == 1
    assert sorted(set(raw_ids(lake))) == sorted([*FILMS[:3], SERIES[0]])
    assert client.asked[FILMS[0]] == 1


def test_a_server_that_is_down_is_one_clear_error_and_delays_nothing(tmp_path):
    lake = make_lake(tmp_path, FILMS[:5], [])
    client = TmdbClient(Bearer(SECRET), "http://127.0.0.1:9/3", RateLimiter(1e6), QUICK)
    with pytest.raises(TmdbError, match=r"http://127\.0\.0\.1:9/3: .*connection failed"):
        enrich(lake, client, GENRES, DAY, at(NOON))
    assert files(lake) == {}
    with TmdbServer(make_bodies(), SECRET) as server:
        assert enrich(lake, make_client(server), GENRES, DAY, at(NOON)).found == 5


def test_a_server_that_goes_down_ends_the_run_and_keeps_what_came_before(tmp_path, monkeypatch):
    monkeypatch.setattr(response_recorder, "_MAX_CONSECUTIVE_FAILURES", 8)
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET, latency=0.01) as server:

        def break_down_after_ten(what, done, due, unit):
            if done == 10:
                server.close()

        with pytest.raises(TmdbError, match="connection failed"):
            enrich(lake, make_client(server), GENRES, DAY, at(NOON), break_down_after_ten)
    kept = len(raw_ids(lake))
    assert 10 <= kept < 20
    assert enrich(lake, Fickle(), GENRES, DAY, at(NOON)).found == 50 - kept


def test_scattered_failures_do_not_end_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(response_recorder, "_MAX_CONSECUTIVE_FAILURES", 8)
    lake = make_lake(tmp_path)
    summary = enrich(lake, Fickle(failing=FILMS[::8], reached=False), GENRES, DAY, at(NOON))
    assert (summary.found, summary.failed) == (45, {"timeout": 5})


def test_a_refused_token_ends_the_run_at_once(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), "another") as server:
        with pytest.raises(TmdbError, match="TMDB_TOKEN"):
            enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        assert server.requests.total() <= 4
    assert files(lake) == {}


@pytest.mark.parametrize("faults", ["500=0.1,503=0.1,reset=0.1,cut=0.1,429=0.02", "hang=0.05"])
def test_every_title_is_answered_through_faults(tmp_path, faults):
    lake = make_lake(tmp_path, [*FILMS, "tt0777777"])
    faulty = Faults.parse(faults)
    faulty.hang_seconds = 1
    with TmdbServer(make_bodies(), SECRET, faults=faulty) as server:
        client = TmdbClient(
            Bearer(SECRET), server.url, RateLimiter(10_000), RetryPolicy(20, 60, 1, 0.3, 0.01)
        )
        summary = enrich(lake, client, GENRES, DAY, at(NOON))
    assert (summary.found, summary.not_found, summary.failed) == (50, 1, {})
    assert summary.retries > 0
    assert raw_ids(lake) == sorted([*FILMS, "tt0777777", *SERIES])
