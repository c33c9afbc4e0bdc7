import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
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
    raw,
    raw_ids,
)
from support.local_s3 import s3_root
from support.paths import ROOT

from datalake.core.errors import LakeError, TmdbError
from datalake.core.lease import Owner
from datalake.demo.faults import Faults
from datalake.demo.server import TmdbServer
from datalake.enrichment import ledger, response_recorder, spool
from datalake.enrichment.due import KEEP, DueReason, due_reason, due_titles, retry_delay
from datalake.enrichment.record import Entry, Record
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.auth import Bearer
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.raw import tmdb_folder
from datalake.sources.tmdb.retry import RetryPolicy, UnavailableError


def test_a_first_run_keeps_every_answer_and_tells(tmp_path):
    lake = make_lake(tmp_path, [*FILMS, "tt0777777", SERIES[0]], [*SERIES, "tt0888888"])
    seen = []
    with TmdbServer(make_bodies(), SECRET) as server:
        summary = enrich(
            lake, make_client(server), GENRES, DAY, at(NOON), lambda *step: seen.append(step)
        )
        assert dict(server.requests) == {"movie": 42, "find": 2 + 11, "tv": 10}
    assert (summary.due, summary.found, summary.not_found) == (53, 50, 2)
    assert (summary.other_kind, summary.failed, summary.left) == (1, {}, 0)
    assert (summary.requests, summary.retries, summary.too_many) == (65, 0, 0)
    assert summary.rate > 0
    assert seen == [("ask TMDB", done, 53, "titles") for done in range(1, 54)]
    films = {record["imdb_id"]: record for record in raw(lake, Kind.MOVIE)}
    assert films.keys() == {*FILMS, "tt0777777", SERIES[0]}
    assert films[FILMS[2]] == {
        "imdb_id": "tt0000003",
        "media_type": "movie",
        "tmdb_id": 3,
        "outcome": "found",
        "fetched_at": "2026-01-10T12:00:00Z",
        "body": {
            "id": 3,
            "title": "Título 3\u2028",
            "genres": [],
            "external_ids": {"imdb_id": "tt0000003"},
        },
    }
    assert films["tt0777777"] == {
        "imdb_id": "tt0777777",
        "media_type": "movie",
        "tmdb_id": None,
        "outcome": "not_found",
        "fetched_at": "2026-01-10T12:00:00Z",
        "body": None,
    }
    assert films[SERIES[0]]["outcome"] == "other_kind"
    assert {record["media_type"] for record in raw(lake, Kind.SERIES)} == {"tv"}
    (part,) = lake.storage.list(tmdb_folder(Kind.MOVIE))
    assert part.startswith("Raw/TMDB/JSON/Movies/2026/01/10/")
    (run,) = lake.storage.list("Raw/TMDB/Ledger/Runs")
    manifest = json.load(lake.storage.open(run))
    assert (manifest["found"], manifest["left"]) == (50, 0)
    assert SECRET not in str(files(lake))


def test_a_second_run_with_nothing_due_asks_and_writes_nothing(tmp_path):
    lake = make_lake(tmp_path, [*FILMS, "tt0777777"])
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        before, requests = files(lake), server.requests.copy()
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + timedelta(hours=2)))
        assert server.requests == requests
        assert files(lake) == before
        assert (summary.due, summary.requests, summary.left) == (0, 0, 0)
        # A day later only the lists of changes are read, and nothing is written either.
        enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(1)))
        assert server.requests - requests == {"movie/changes": 1, "tv/changes": 1}
        assert files(lake) == before


def test_a_day_later_what_changed_is_asked_again_once(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        server.mark_changed("movie", 3, DAY + days(1))
        server.mark_changed("tv", 10_000_004, DAY)
        server.mark_changed("movie", 424_242, DAY)  # not in scope
        server.requests.clear()
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(1)))
        expected = {"movie": 1, "tv": 1, "movie/changes": 1, "tv/changes": 1}
        assert dict(server.requests) == expected
        assert (summary.found, summary.requests, summary.change_pages) == (2, 2, 2)
        server.requests.clear()
        enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(1)))
        assert not server.requests
    assert Counter(raw_ids(lake))["tt0000003"] == 2


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


def test_changes_that_a_stopped_run_left_are_asked_by_the_next(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        for number in range(1, 11):
            server.mark_changed("movie", number, DAY + days(1))
        terms = EnrichOptions(now=lambda: NOON + days(2), limit=4)
        summary = enrich(lake, make_client(server), GENRES, DAY, terms)
        assert (summary.due, summary.found, summary.left) == (10, 4, 6)
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(5)))
        # The four had been asked after their change, but lists know days only.
        assert summary.found >= 6
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(6)))
        assert summary.due == 0
    assert set(Counter(raw_ids(lake))[imdb_id] for imdb_id in FILMS[:10]) >= {2}


def test_old_answers_and_old_misses_are_asked_again(tmp_path):
    lake = make_lake(tmp_path, [*FILMS, "tt0777777"])
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        server.requests.clear()
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(31)))
        assert (summary.due, summary.not_found) == (1, 1)
        server.requests.clear()
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(95)))
        assert (summary.due, summary.found) == (51, 50)
        # Their TMDB ids are known by now: one request each, and two for the miss.
        assert server.requests["movie"] + server.requests["tv"] == 51
        assert server.requests["find"] == 1


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

        def break_down_after_ten(what, done, due):
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


def test_a_limit_leaves_the_rest_to_the_next_run(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        lefts = [
            enrich(
                lake, make_client(server), GENRES, DAY, EnrichOptions(limit=20, now=lambda: NOON)
            ).left
            for _ in range(4)
        ]
        assert server.requests["movie"] == 40
    assert lefts == [30, 10, 0, 0]
    assert raw_ids(lake) == sorted(FILMS + SERIES)


def test_a_stop_finishes_what_is_on_the_way_and_tells_what_is_left(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET, latency=0.02) as server:
        client = make_client(server)

        def stop_after_ten(what, done, due):
            if done == 10:
                client.rate_limiter.stop.set()

        summary = enrich(lake, client, GENRES, DAY, at(NOON), stop_after_ten)
        assert 10 <= summary.found < 25
        assert summary.left == 50 - summary.found
        assert len(raw_ids(lake)) == summary.found
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        assert (server.requests["movie"], server.requests["tv"]) == (40, 10)
    assert raw_ids(lake) == sorted(FILMS + SERIES)


def test_a_budget_ends_the_run_in_time(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        terms = EnrichOptions(budget_seconds=0.4, now=lambda: NOON)
        began = time.monotonic()
        summary = enrich(lake, make_client(server, rate=40), GENRES, DAY, terms)
        assert time.monotonic() - began < 1.5
    assert 5 < summary.found < 30
    assert summary.found + summary.left == 50
    assert summary.found == len(raw_ids(lake))


RUN = """
import sys
from datetime import date
from datalake.core.lake import Lake
from datalake.enrichment.run import enrich
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.auth import Bearer
client = TmdbClient(Bearer("s3cr3t"), sys.argv[2], RateLimiter(150))
enrich(Lake(sys.argv[1]), client, ("War",), date(2026, 1, 10))
"""


def test_killed_again_and_again_it_loses_nothing_and_repeats_little(tmp_path):
    films = [f"tt{number:07d}" for number in range(1, 301)]
    lake = make_lake(tmp_path, films, [])
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with TmdbServer(make_bodies(films, []), SECRET, latency=0.01) as server:
        command = [sys.executable, "-c", RUN, str(tmp_path), server.url]
        kills = 0
        for goal in (60, 140, 240):
            run = subprocess.Popen(command, env=environment)
            while server.requests["movie"] < goal and run.poll() is None:
                time.sleep(0.005)
            kills += run.poll() is None
            run.send_signal(signal.SIGKILL)
            run.wait()
        subprocess.run(command, env=environment, check=True)
        repeated = server.requests["movie"] - 300
    assert kills == 3
    assert raw_ids(lake) == films
    assert repeated <= 3 * 16  # at most what the threads had on the way
    assert not list(spool.spool_folder(lake).iterdir())


def test_a_line_cut_by_a_kill_is_dropped_and_the_others_are_kept(tmp_path):
    lake = make_lake(tmp_path, FILMS[:3], [])
    kept = Record(Kind.MOVIE, Entry(FILMS[0], 1, Outcome.FOUND, NOON), {"id": 1}).to_line()
    folder = spool.spool_folder(lake)
    folder.mkdir(parents=True)
    (folder / "movie.2026-01-10.20260110T000000000000-aaaa.jsonl").write_bytes(kept + kept[:30])
    client = Fickle()
    assert enrich(lake, client, GENRES, DAY, at(NOON)).found == 2
    assert FILMS[0] not in client.asked
    assert raw_ids(lake) == FILMS[:3]


@pytest.mark.parametrize("lost", ["Raw/TMDB/Ledger/", "Raw/TMDB/Ledger/Movies"])
def test_a_lost_ledger_is_told_anew_from_raw(tmp_path, lost):
    lake = make_lake(tmp_path)
    client = Fickle()
    enrich(lake, client, GENRES, DAY, EnrichOptions(limit=20, now=lambda: NOON))
    for key in lake.storage.list(lost):
        lake.storage.delete(key)
    enrich(lake, client, GENRES, DAY, at(NOON))
    enrich(lake, client, GENRES, DAY, at(NOON))
    assert set(client.asked.values()) == {1}
    assert raw_ids(lake) == sorted(FILMS + SERIES)


def test_parts_are_bounded_and_the_ledger_is_one_file_again_when_many(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "PART_RECORDS", 7)
    monkeypatch.setattr(ledger, "_MAX_FILES", 5)
    lake = make_lake(tmp_path)
    client = Fickle(failing={FILMS[0]})
    enrich(lake, client, GENRES, DAY, EnrichOptions(limit=39, now=lambda: NOON))
    parts = lake.storage.list(tmdb_folder(Kind.MOVIE))
    assert len(parts) == len(lake.storage.list("Raw/TMDB/Ledger/Movies")) == 6
    before = ledger.read_ledger(lake, Kind.MOVIE).entries
    enrich(lake, client, GENRES, DAY, EnrichOptions(limit=1, now=lambda: NOON))
    assert len(lake.storage.list("Raw/TMDB/Ledger/Movies")) == 2
    after = ledger.read_ledger(lake, Kind.MOVIE)
    assert after.complete
    assert {key: after.entries[key] for key in before} == before
    assert after.entries[FILMS[0]].reason == "HTTP 500"


def test_parts_are_bounded_in_bytes_too(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "PART_BYTES", 1000)
    lake = make_lake(tmp_path)
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    assert len(lake.storage.list(tmdb_folder(Kind.MOVIE))) == 5
    assert raw_ids(lake) == sorted(FILMS + SERIES)


def test_a_damaged_ledger_file_is_named(tmp_path):
    lake = make_lake(tmp_path)
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    (key,) = lake.storage.list("Raw/TMDB/Ledger/Movies")
    path = Path(lake.storage.url(key))
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(LakeError, match=f"{key}: damaged; delete it"):
        enrich(lake, Fickle(), GENRES, DAY, at(NOON))


def test_a_lake_on_s3_works_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr(spool.tempfile, "gettempdir", lambda: str(tmp_path))
    with s3_root(monkeypatch) as root:
        lake = make_lake(root)
        client = Fickle()
        assert enrich(lake, client, GENRES, DAY, at(NOON)).found == 50
        assert enrich(lake, client, GENRES, DAY, at(NOON)).due == 0
        assert raw_ids(lake) == sorted(FILMS + SERIES)
        for key in lake.storage.list("Raw/TMDB/Ledger"):
            lake.storage.delete(key)
        assert enrich(lake, client, GENRES, DAY, at(NOON)).due == 0


def test_two_machines_do_not_ask_for_the_same_titles(tmp_path):
    lake, client = make_lake(tmp_path), Fickle()
    theirs = Owner(
        "theirs", "enrich", "elsewhere", 7, (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    )
    with lake.storage.create("Publishing/answers.lease.json") as file:
        file.write(json.dumps(asdict(theirs)).encode())
    with pytest.raises(
        LakeError, match=r"another run is at work \(enrich, process 7 on elsewhere\)"
    ):
        enrich(lake, client, GENRES, DAY, at(NOON))
    assert not client.asked


def test_a_second_run_at_once_is_refused(tmp_path):
    lake = make_lake(tmp_path)
    client = Fickle()
    with spool.spool_lock(lake), pytest.raises(LakeError, match="another run is at work"):
        enrich(lake, client, GENRES, DAY, at(NOON))
    assert not client.asked
    assert enrich(lake, client, GENRES, DAY, at(NOON)).found == 50


entries = st.builds(
    Entry,
    st.just("tt0000001"),
    st.integers(1, 5),
    st.sampled_from(Outcome),
    st.timedeltas(days(0), days(400)).map(lambda age: NOON - age),
    st.integers(1, 40),
    st.just("HTTP 500"),
)


@given(entries, st.sets(st.integers(1, 5)), st.timedeltas(days(1), days(400)))
def test_what_is_due_stays_due_until_it_is_asked(entry, changed, refresh_after):
    due = due_reason(entry, NOON, changed, refresh_after)
    if due is not None:
        assert due_reason(entry, NOON + days(1), changed, refresh_after) is not None


@given(entries, st.timedeltas(days(1), days(400)))
def test_nothing_is_kept_beyond_six_months(entry, refresh_after):
    if NOON - entry.at >= KEEP:
        assert due_reason(entry, NOON, (), refresh_after) is not None


@given(entries)
def test_what_was_just_asked_is_not_due_unless_no_answer_is_kept(entry):
    why = due_reason(entry._replace(at=NOON), NOON + timedelta(minutes=9), {1, 2, 3, 4, 5})
    assert why is (DueReason.NEW if entry.outcome is Outcome.PENDING else None)


@given(st.integers(1, 10_000))
def test_delays_grow_up_to_a_week(attempts):
    assert retry_delay(attempts) <= retry_delay(attempts + 1) <= days(7)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("outcome", "attempts", "age", "why"),
    [
        (Outcome.FAILED, 1, timedelta(minutes=10), DueReason.FAILED),
        (Outcome.FAILED, 1, timedelta(minutes=10) - SECOND, None),
        (Outcome.FAILED, 3, timedelta(minutes=40), DueReason.FAILED),
        (Outcome.FAILED, 3, timedelta(minutes=40) - SECOND, None),
        (Outcome.FAILED, 99, days(7), DueReason.FAILED),
        (Outcome.FAILED, 99, days(7) - SECOND, None),
        (Outcome.FOUND, 0, days(40), DueReason.OLD),
        (Outcome.FOUND, 0, days(40) - SECOND, None),
        (Outcome.NOT_FOUND, 0, days(30), DueReason.MISSED),
        (Outcome.NOT_FOUND, 0, days(30) - SECOND, None),
        (Outcome.OTHER_KIND, 0, days(30), DueReason.MISSED),
        (Outcome.OTHER_KIND, 0, days(30) - SECOND, None),
        (Outcome.PENDING, 0, timedelta(0), DueReason.NEW),
        (Outcome.FOUND, 0, -days(3), None),  # a clock was set back
    ],
)
def test_each_outcome_waits_for_its_time(outcome, attempts, age, why):
    entry = Entry("tt0000001", 1, outcome, NOON - age, attempts)
    assert due_reason(entry, NOON, refresh_after=days(40)) is why


@given(entries, st.sets(st.integers(1, 5)))
def test_a_change_counts_for_what_was_found_on_an_earlier_day_and_for_nothing_else(entry, changed):
    is_changed = due_reason(entry, NOON, changed, days(400)) is DueReason.CHANGED
    found = entry.outcome is Outcome.FOUND and entry.at.date() < NOON.date()
    assert is_changed == (found and entry.tmdb_id in changed)


def test_the_new_come_first_then_by_urgency():
    known = {
        "tt1": Entry("tt1", 1, Outcome.NOT_FOUND, NOON - days(60)),
        "tt2": Entry("tt2", 2, Outcome.FOUND, NOON - days(100)),
        "tt3": Entry("tt3", 3, Outcome.FOUND, NOON - days(5)),
        "tt4": Entry("tt4", None, Outcome.FAILED, NOON - days(1), 1),
        "tt5": Entry("tt5", 5, Outcome.FOUND, NOON - days(5)),
        "tt6": Entry("tt6", None, Outcome.OTHER_KIND, NOON - days(29)),
    }
    ids = ["tt1", "tt2", "tt3", "tt4", "tt5", "tt6", "tt7"]
    assert due_titles(ids, known, NOON, {3}) == ["tt7", "tt4", "tt3", "tt2", "tt1"]
    assert due_reason(known["tt3"], NOON, {3}) is DueReason.CHANGED


@given(entries, st.sampled_from(Kind), st.text())
@example(Entry("tt0000001", 1, Outcome.FOUND, NOON), Kind.MOVIE, "half a pair \ud83c")
@example(Entry("tt0000001", 1, Outcome.FOUND, NOON), Kind.MOVIE, ',"body":')
def test_a_line_tells_its_entry_whatever_the_body(entry, kind, content):
    entry = entry._replace(at=entry.at.replace(microsecond=0))
    if entry.outcome is not Outcome.FAILED:
        entry = entry._replace(attempts=0, reason="")
    line = Record(kind, entry, {"id": 1, "body": content}).to_line()
    assert line.count(b"\n") == 1
    assert Entry.from_line(line) == entry
    assert Entry.from_line(entry.to_line(kind)) == entry
    if entry.outcome not in (Outcome.FAILED, Outcome.PENDING):
        assert json.loads(line)["body"] == {"id": 1, "body": content}
