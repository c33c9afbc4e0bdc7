"""Responses in parts, the ledger beside them: killed runs, damaged files, two runs at once."""

import json
import os
import signal
import subprocess
import sys
import time
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
    SECRET,
    SERIES,
    Fickle,
    at,
    days,
    make_bodies,
    make_lake,
    raw_ids,
)
from support.local_s3 import s3_root
from support.paths import ROOT

from datalake.core.errors import LakeError
from datalake.core.lease import Owner
from datalake.demo.server import TmdbServer
from datalake.enrichment import ledger, spool
from datalake.enrichment.record import Entry, Record
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.raw import tmdb_folder

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
