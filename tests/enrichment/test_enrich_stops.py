"""Enrichment meets what ends it early: signals, full disks, a storage that goes away."""

import json
import signal
import time

import pytest
from support.command import start
from support.enriched import (
    DAY,
    FILMS,
    GENRES,
    NOON,
    SECRET,
    SERIES,
    Fickle,
    at,
    days,
    make_bodies,
    make_client,
    make_lake,
    raw,
    raw_ids,
)

from datalake.demo.faults import Faults
from datalake.demo.server import TmdbServer
from datalake.enrichment import spool
from datalake.enrichment.ledger import read_ledger
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.rate_limiter import StoppedError
from datalake.sources.tmdb.raw import response_files


def begin(server, folder, goal, *words, step="enrich"):
    """The command at work, having asked for so many films."""
    words = (step, "--tmdb-url", server.url, "--genres", "War", *words)
    run = start(*words, cwd=folder, TMDB_TOKEN=SECRET)
    while server.requests["movie"] < goal and run.poll() is None:
        time.sleep(0.005)
    return run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_in_good_order(tmp_path, number):
    lake = make_lake(tmp_path / "lake")
    with TmdbServer(make_bodies(), SECRET, latency=0.03) as server:
        run = begin(server, tmp_path, 5, "--rate", "30")
        run.send_signal(number)
        _, errors = run.communicate(timeout=10)
    assert run.returncode == 0
    found = len(raw_ids(lake))
    assert f"50 due: {found} found" in errors
    assert f"{50 - found} left" in errors
    assert 5 <= found < 30
    assert not list(spool.spool_folder(lake).iterdir())


def test_a_second_signal_ends_at_once_and_loses_nothing(tmp_path):
    lake = make_lake(tmp_path / "lake")
    hangs = Faults({"hang": 0.3}, hang_seconds=60)
    with TmdbServer(make_bodies(), SECRET, latency=0.01, faults=hangs) as server:
        run = begin(server, tmp_path, 25)
        run.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert run.poll() is None, "it waits for what hangs"
        began = time.monotonic()
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=10)
    assert run.returncode == -signal.SIGINT
    assert time.monotonic() - began < 2
    assert raw_ids(lake) == []
    client = Fickle()
    enrich(lake, client, GENRES, DAY, at(NOON))
    assert raw_ids(lake) == sorted(FILMS + SERIES)
    assert len(client.asked) < 50, "the spool kept what was answered"


def test_a_whole_run_goes_no_further_than_its_stopped_enrichment(tmp_path):
    source = tmp_path / "source"
    assert start("sample", "--titles", "300", "--out", source, cwd=tmp_path).wait() == 0
    with TmdbServer(make_bodies(), SECRET, latency=0.03) as server:
        run = begin(server, tmp_path, 3, "--source", source, "--rate", "20", step="run")
        run.send_signal(signal.SIGTERM)
        _, errors = run.communicate(timeout=20)
    assert run.returncode == 130
    assert "left" in errors
    assert "start Spark" not in errors


def test_a_stop_while_the_changes_are_read_asks_nothing(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        client = make_client(server)
        client.rate_limiter.stop.set()
        client.rate_limiter.pause(1)
        with pytest.raises(StoppedError):
            enrich(lake, client, GENRES, DAY, EnrichOptions(now=lambda: NOON.replace(day=12)))
        assert server.requests["movie"] == 40


def test_an_id_found_just_before_the_end_is_not_asked_for_again(tmp_path):
    lake = make_lake(tmp_path, [], SERIES)
    client = Fickle(identifies=True)
    fetch_title, asked = client.fetch_title, []

    def stop_in_between(*arguments):
        asked.append(arguments[1])
        client.rate_limiter.stop.set()
        return fetch_title(*arguments)

    client.fetch_title = stop_in_between
    summary = enrich(lake, client, GENRES, DAY, at(NOON))
    assert (summary.found, summary.left) == (0, 10)
    again = Fickle()
    assert enrich(lake, again, GENRES, DAY, at(NOON)).found == 10
    known = {imdb_id for imdb_id, tmdb_id in again.known.items() if tmdb_id}
    assert known == set(asked) != set()


def test_an_id_once_found_is_not_asked_for_again(tmp_path):
    lake = make_lake(tmp_path, [], SERIES)
    client = Fickle(failing=SERIES, identifies=True)
    summary = enrich(lake, client, GENRES, DAY, at(NOON))
    assert summary.failed == {"HTTP 500": 10}
    client.failing = ()
    enrich(lake, client, GENRES, DAY, at(NOON + days(1)))
    assert client.known == {imdb_id: int(imdb_id[2:]) for imdb_id in SERIES}


def test_a_day_in_the_past_names_the_folder_and_not_the_time(tmp_path):
    lake = make_lake(tmp_path)
    now = NOON.replace(year=2027)
    enrich(lake, Fickle(), GENRES, DAY, at(now))
    assert all("/2026/01/10/" in key for key in response_files(lake))
    assert {record["fetched_at"] for record in raw(lake, Kind.MOVIE)} == {"2027-01-10T12:00:00Z"}
    assert read_ledger(lake, Kind.MOVIE).entries[FILMS[0]].at == now


def test_a_clock_set_back_asks_nothing_twice(tmp_path):
    lake = make_lake(tmp_path)
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    summary = enrich(lake, Fickle(), GENRES, DAY, at(NOON.replace(month=1, day=3)))
    assert json.loads(summary.to_json())["due"] == 0
