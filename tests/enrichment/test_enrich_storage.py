"""Enrichment on a storage that fails: full disks, lost power, an S3 that goes away."""

import os
import resource
import subprocess
import sys

import pytest
from support.enriched import (
    DAY,
    FILMS,
    GENRES,
    NOON,
    SERIES,
    Fickle,
    at,
    make_lake,
    raw_ids,
)
from support.local_s3 import s3_root
from support.paths import ROOT

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.enrichment import spool
from datalake.enrichment.record import Entry, Record
from datalake.enrichment.run import enrich
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome

FULL = """
import resource, signal, sys
from datetime import date
sys.path[:0] = sys.argv[2:]
from support.enriched import DAY, GENRES, NOON, Fickle, at
from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.enrichment.run import enrich
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))
try:
    enrich(Lake(sys.argv[1]), Fickle(), GENRES, DAY, at(NOON))
except LakeError as error:
    print(error)
    sys.exit(1)
"""


def test_a_full_disk_is_one_clear_line_and_what_fitted_is_kept(tmp_path):
    lake = make_lake(tmp_path)
    run = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path, ROOT / "tests"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr == ""
    assert run.stdout.count("\n") == 1
    assert "can't write" in run.stdout
    kept = raw_ids(lake)
    client = Fickle()
    enrich(lake, client, GENRES, DAY, at(NOON))
    assert raw_ids(lake) == sorted(FILMS + SERIES)
    assert len(kept) > 5
    assert not set(kept) & set(client.asked)


@pytest.mark.slow
def test_a_storage_that_goes_away_costs_no_title(monkeypatch, tmp_path):
    monkeypatch.setattr(spool.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    client = Fickle()
    with s3_root(monkeypatch) as root:
        lake = make_lake(root)
        there = os.environ["AWS_ENDPOINT_URL"]
        monkeypatch.setattr(lake.storage, "create", unreachable(monkeypatch, root).create)
        with pytest.raises(
            LakeError, match=r"^s3://.*/Raw/TMDB/JSON/.* can't be reached"
        ) as raised:
            enrich(lake, client, GENRES, DAY, at(NOON))
        assert "\n" not in str(raised.value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", there)
        assert raw_ids(Lake(root)) == []
        again = Fickle()
        enrich(Lake(root), again, GENRES, DAY, at(NOON))
        assert raw_ids(Lake(root)) == sorted(FILMS + SERIES)
    assert (len(client.asked), len(again.asked)) == (50, 0)


def unreachable(monkeypatch, root):
    """The same bucket behind an address where nothing listens."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    return Lake(root).storage


def test_a_line_that_did_not_fit_leaves_no_half_of_it_behind(tmp_path):
    lake = make_lake(tmp_path)
    records = [
        Record(Kind.MOVIE, Entry(imdb_id, 1, Outcome.FOUND, NOON), {"id": 1, "title": "x" * length})
        for imdb_id, length in zip(FILMS, (1, 1_000, 1), strict=False)
    ]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = spool.Spool(lake, Kind.MOVIE, DAY)
    with spool.spool_lock(lake):
        kept.append(records[0].to_line())
        resource.setrlimit(resource.RLIMIT_FSIZE, (700, limits[1]))
        try:
            with pytest.raises(LakeError, match="No space left"):
                kept.append(records[1].to_line())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        kept.append(records[2].to_line())  # another thread, after someone made room
        spool.publish(lake, kept.take())
    assert raw_ids(lake) == [FILMS[0], FILMS[2]]


def test_what_a_loss_of_power_damaged_is_dropped(tmp_path):
    lake = make_lake(tmp_path, FILMS[:3], [])
    one, two = (
        Record(Kind.MOVIE, Entry(imdb_id, 1, Outcome.FOUND, NOON), {"id": 1}).to_line()
        for imdb_id in FILMS[:2]
    )
    folder = spool.spool_folder(lake)
    folder.mkdir(parents=True)
    text = one + b"\0" * 100 + two + one[:30]
    (folder / "movie.2026-01-10.20260110T000000000000-aaaa.jsonl").write_bytes(text)
    client = Fickle()
    assert enrich(lake, client, GENRES, DAY, at(NOON)).found == 2
    assert FILMS[0] not in client.asked
