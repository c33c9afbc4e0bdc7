import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from support.local_s3 import s3_root
from support.source_files import DAY, content, line, write_source

from datalake.core import storage
from datalake.core.errors import InputError, LakeError
from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.sources import text_files
from datalake.sources.imdb_csv.columns import header
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.ingestion import INGESTED, ingest
from datalake.sources.source_file import newest_source_file, source_files

HEADER = "|".join(header(Kind.MOVIE))
ROW = line()


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def source(tmp_path):
    return tmp_path / "source"


def stored(lake):
    return lake.storage.list("Raw")


def put(lake, source, *rows, day=DAY):
    """Ingest a movies.csv with these rows; its outcome."""
    return ingest(lake, write_source(source, content(Kind.MOVIE, *rows)), day)[0]


def test_files_lie_in_raw_as_they_came_beside_their_manifest(lake, source):
    data = content(Kind.MOVIE, ROW, line(tituloPincipal='"Açaí"'), ROW)
    before = datetime.now(UTC)
    outcomes = ingest(lake, write_source(source, data), DAY)
    assert [outcome.new for outcome in outcomes] == [True, True]
    assert stored(lake) == [
        "Raw/Local/CSV/Movies/2026/01/10/movies.csv",
        "Raw/Local/CSV/Movies/2026/01/10/movies.csv.manifest.json",
        "Raw/Local/CSV/Series/2026/01/10/series.csv",
        "Raw/Local/CSV/Series/2026/01/10/series.csv.manifest.json",
    ]
    assert lake.storage.open(stored(lake)[0]).read() == data
    manifest = json.load(lake.storage.open(stored(lake)[1]))
    at = datetime.fromisoformat(manifest.pop("ingested_at"))
    assert before <= at <= before + timedelta(minutes=5)
    assert manifest == {
        "kind": "movie",
        "day": "2026-01-10",
        "key": "Raw/Local/CSV/Movies/2026/01/10/movies.csv",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "rows": 3,
        "header": HEADER,
        "damaged": False,
    }
    assert source_files(lake, FILES[Kind.MOVIE]) == [outcomes[0].file]


def test_the_same_bytes_again_change_nothing(lake, source):
    first = put(lake, source, ROW)
    before = {key: lake.storage.open(key).read() for key in stored(lake)}
    for day in (DAY, DAY + timedelta(days=3)):
        again = put(lake, source, ROW, day=day)
        assert (again.new, again.file) == (False, first.file)
    assert {key: lake.storage.open(key).read() for key in stored(lake)} == before


def test_what_is_new_is_told_once_all_of_it_is_there(lake, source):
    first, second = ingest(lake, write_source(source, content(Kind.MOVIE, ROW)), DAY)
    told = json.load(lake.storage.open(INGESTED))
    assert told == {"files": [first.file.id, second.file.id]}
    lake.storage.delete(INGESTED)
    put(lake, source, ROW)
    assert not lake.storage.list("Publishing/ingested")


def test_new_bytes_are_a_new_file_and_the_older_stays(lake, source):
    first = put(lake, source, ROW).file
    second = put(lake, source, ROW, ROW, day=DAY + timedelta(days=1)).file
    assert source_files(lake, FILES[Kind.MOVIE]) == [first, second]
    assert newest_source_file(lake, FILES[Kind.MOVIE]) == second
    assert newest_source_file(lake, FILES[Kind.MOVIE], DAY) == first
    assert lake.storage.open(first.key).read() == content(Kind.MOVIE, ROW)
    assert len(source_files(lake, FILES[Kind.SERIES])) == 1


def test_a_day_may_bring_several_files(lake, source):
    rows = [[ROW], [ROW, ROW], [ROW, ROW, ROW]]
    files = [put(lake, source, *some).file for some in rows]
    assert [file.key.rpartition("/")[2] for file in files] == [
        "movies.csv",
        "movies.2.csv",
        "movies.3.csv",
    ]
    assert newest_source_file(lake, FILES[Kind.MOVIE]).rows == 3
    assert [len(lake.storage.open(s.key).read()) for s in files] == [s.contents.size for s in files]


def test_bytes_that_came_back_after_others_are_news(lake, source):
    put(lake, source, ROW)
    put(lake, source, ROW, ROW)
    assert put(lake, source, ROW).new
    assert newest_source_file(lake, FILES[Kind.MOVIE]).rows == 1


def test_a_backdated_file_takes_its_place_among_the_days(lake, source):
    newest = put(lake, source, ROW).file
    older = put(lake, source, ROW, ROW, day=DAY - timedelta(days=9)).file
    assert older.key == "Raw/Local/CSV/Movies/2026/01/01/movies.csv"
    assert source_files(lake, FILES[Kind.MOVIE]) == [older, newest]
    assert newest_source_file(lake, FILES[Kind.MOVIE]) == newest
    assert newest_source_file(lake, FILES[Kind.MOVIE], date(2026, 1, 9)) == older
    with pytest.raises(LakeError, match=r"no movies\.csv of 2025-12-31 or before in Raw; run"):
        newest_source_file(lake, FILES[Kind.MOVIE], date(2025, 12, 31))


def test_a_file_without_a_manifest_is_no_source_file(lake, source):
    kept = put(lake, source, ROW).file
    with lake.storage.create("Raw/Local/CSV/Movies/2026/01/11/movies.csv") as file:
        file.write(content(Kind.MOVIE, ROW, ROW))
    assert newest_source_file(lake, FILES[Kind.MOVIE]) == kept


def test_a_file_that_changes_meanwhile_is_not_kept(lake, source, tmp_path):
    write_source(source)

    def meddle(what, done, total, unit):
        if what == "check series.csv":  # both are checked, none is stored yet
            (source / "movies.csv").write_bytes(content(Kind.MOVIE, ROW, ROW))

    with pytest.raises(InputError, match=r"movies\.csv: it changed while it was read"):
        ingest(lake, source, DAY, meddle)
    assert stored(lake) == []


def test_progress_tells_bytes_done_of_all(lake, source, monkeypatch):
    monkeypatch.setattr(text_files, "_CHUNK", 400)
    monkeypatch.setattr(storage, "_CHUNK", 400)
    steps = []
    write_source(source, content(Kind.MOVIE, *[ROW] * 5))
    size = (source / "movies.csv").stat().st_size
    ingest(lake, source, DAY, lambda *step: steps.append(step))
    stores = [done for what, done, total, unit in steps if what == "store movies.csv"]
    assert stores == sorted(stores)
    assert len(stores) > 1
    assert stores[-1] == size
    assert ("check movies.csv", size, size, "B") in steps


def test_ingestion_into_s3_is_the_same(source, monkeypatch):
    with s3_root(monkeypatch) as root:
        lake = Lake(root)
        first = put(lake, source, ROW)
        assert (first.new, put(lake, source, ROW).new) == (True, False)
        assert put(lake, source, ROW, ROW).file.key.endswith("movies.2.csv")
        assert lake.storage.open(first.file.key).read() == content(Kind.MOVIE, ROW)
