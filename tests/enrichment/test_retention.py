"""What is too old leaves Raw, and its titles are asked for again."""

from datetime import date, timedelta
from secrets import token_hex

import pytest
from support.command import call
from support.enriched import (
    DAY,
    FILMS,
    GENRES,
    NOON,
    SERIES,
    Fickle,
    at,
    days,
    files,
    make_lake,
    raw,
    raw_ids,
)
from support.local_s3 import s3_root

from datalake.core.errors import LakeError
from datalake.enrichment import spool
from datalake.enrichment.due import KEEP
from datalake.enrichment.ledger import read_ledger
from datalake.enrichment.retention import Purged, purge
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.raw import tmdb_folder

LATER = NOON + days(181)


@pytest.fixture(scope="module")
def bucket():
    with pytest.MonkeyPatch.context() as patch, s3_root(patch) as root:
        yield root


@pytest.fixture(params=["folder", "s3"])
def lake(request, bucket, tmp_path, monkeypatch):
    if request.param == "folder":
        return make_lake(tmp_path / "lake")
    monkeypatch.setattr(spool.tempfile, "gettempdir", lambda: str(tmp_path))
    return make_lake(f"{bucket}/{token_hex(4)}")


def test_what_is_too_old_goes_and_its_titles_are_due(lake):
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    enrich(lake, Fickle(), GENRES, DAY, EnrichOptions(limit=10, now=lambda: NOON + days(100)))
    result = purge(lake, now=LATER)
    assert (len(result.files), result.responses, result.due_again) == (2, 50, 40)
    assert raw_ids(lake) == FILMS[:10]
    client = Fickle()
    assert enrich(lake, client, GENRES, DAY, at(LATER)).found == 40
    assert raw_ids(lake) == sorted(FILMS + SERIES)
    assert client.known == {imdb_id: int(imdb_id[2:]) for imdb_id in FILMS[10:] + SERIES}
    assert purge(lake, now=LATER) == Purged((), 0, 0)


def test_what_is_younger_stays_byte_for_byte(lake):
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    before = files(lake)
    assert purge(lake, now=NOON + KEEP) == Purged((), 0, 0)
    assert files(lake) == before


def test_a_dry_run_tells_the_same_and_does_nothing(lake):
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    before = files(lake)
    result = purge(lake, now=LATER, dry_run=True)
    assert files(lake) == before
    assert purge(lake, now=LATER) == result
    assert sorted(set(before) - set(files(lake))) == sorted(result.files)


def test_titles_purged_before_their_refresh_are_due_at_once(tmp_path):
    lake = make_lake(tmp_path)
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    assert purge(lake, days(7), now=NOON + days(8)).due_again == 50
    assert enrich(lake, Fickle(), GENRES, DAY, at(NOON + days(8))).found == 50


def test_age_counts_from_the_answer_not_from_the_folder(tmp_path):
    lake = make_lake(tmp_path)
    enrich(lake, Fickle(), GENRES, DAY, at(NOON + days(300)))
    (part,) = lake.storage.list(tmdb_folder(Kind.MOVIE))
    assert "/2026/01/10/" in part
    assert purge(lake, now=NOON + days(301)).files == ()
    assert len(purge(lake, now=NOON + days(481)).files) == 2


@pytest.mark.parametrize("broken", [0, 1])
def test_a_purge_killed_at_any_write_forgets_no_title(tmp_path, monkeypatch, broken):
    lake = make_lake(tmp_path)
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    delete, done = lake.storage.delete, []

    def fail(key):
        if len(done) == broken:
            raise KeyboardInterrupt
        done.append(key)
        delete(key)

    monkeypatch.setattr(lake.storage, "delete", fail)
    with pytest.raises(KeyboardInterrupt):
        purge(lake, days(7), now=NOON + days(8))
    monkeypatch.undo()
    purge(lake, days(7), now=NOON + days(8))
    assert raw_ids(lake) == []
    assert enrich(lake, Fickle(), GENRES, DAY, at(NOON + days(8))).found == 50


def test_a_failure_after_an_old_answer_keeps_its_delay(tmp_path):
    lake = make_lake(tmp_path, FILMS[:2], [])
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    enrich(lake, Fickle(failing={FILMS[0]}), GENRES, DAY, at(NOON + days(100)))
    # Asked again at day 100: one anew, one in vain.
    assert purge(lake, now=LATER).due_again == 0
    entries = read_ledger(lake, Kind.MOVIE).entries
    assert entries[FILMS[0]].outcome is Outcome.FAILED
    assert entries[FILMS[1]].outcome is Outcome.FOUND
    assert [record["imdb_id"] for record in raw(lake, Kind.MOVIE)] == [FILMS[1]]


def test_a_lost_ledger_makes_purged_titles_new(tmp_path):
    lake = make_lake(tmp_path)
    enrich(lake, Fickle(), GENRES, DAY, at(NOON))
    purge(lake, now=LATER)
    for key in lake.storage.list("Raw/TMDB/Ledger"):
        lake.storage.delete(key)
    assert enrich(lake, Fickle(), GENRES, DAY, at(LATER)).found == 50


def test_not_beside_a_run_at_work(tmp_path):
    lake = make_lake(tmp_path)
    with spool.spool_lock(lake), pytest.raises(LakeError, match="another run is at work"):
        purge(lake)


def test_the_command_says_what_it_removed(tmp_path):
    lake = make_lake(tmp_path / "lake")
    enrich(lake, Fickle(), GENRES, date(2026, 1, 10), at(NOON - timedelta(days=2_000)))
    answers = [key for kind in Kind for key in lake.storage.list(tmdb_folder(kind))]
    status, output, errors = call("purge", "--dry-run", cwd=tmp_path)
    assert (status, output.split()) == (0, answers)
    assert "2 files with 50 responses would be removed; 50 titles would be due again" in errors
    status, output, errors = call("purge", cwd=tmp_path)
    assert (status, output.split()) == (0, answers)
    assert "2 files with 50 responses removed; 50 titles are due again" in errors
    status, output, errors = call("purge", "--keep-days", "181", cwd=tmp_path)
    assert status == 2
    assert "--keep-days" in errors
    assert call("purge", cwd=tmp_path)[1] == ""
