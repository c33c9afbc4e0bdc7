"""`kill -9` in the middle of a purge: the next one ends it, and no title is forgotten."""

import os
import signal
import time

import pytest
from support.command import call, start
from support.enriched import DAY, FILMS, GENRES, NOON, SERIES, Fickle, at, make_lake, raw_ids

from datalake.enrichment import spool
from datalake.enrichment.ledger import read_ledger
from datalake.enrichment.run import enrich
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.raw import response_files

LONG_AGO = NOON.replace(year=2020)


@pytest.mark.parametrize("files_gone", [0, 1, 10, 24])
def test_a_killed_purge_is_completed_by_the_next(tmp_path, monkeypatch, files_gone):
    monkeypatch.setattr(spool, "PART_RECORDS", 2)
    lake = make_lake(tmp_path)
    enrich(lake, Fickle(), GENRES, DAY, at(LONG_AGO))
    files = len(response_files(lake))
    assert files == 25
    purging = start("purge", "--lake", tmp_path, cwd=tmp_path)
    while len(response_files(lake)) > files - files_gone and purging.poll() is None:
        time.sleep(0.0005)
    os.killpg(purging.pid, signal.SIGKILL)
    purging.communicate()
    status, _, errors = call("purge", "--lake", tmp_path, cwd=tmp_path)
    assert (status, response_files(lake)) == (0, []), errors
    for kind, ids in ((Kind.MOVIE, FILMS), (Kind.SERIES, SERIES)):
        entries = read_ledger(lake, kind).entries
        assert {key: (entry.tmdb_id, entry.outcome) for key, entry in entries.items()} == {
            imdb_id: (int(imdb_id[2:]), Outcome.PENDING) for imdb_id in ids
        }
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    assert raw_ids(lake) == sorted(FILMS + SERIES)
