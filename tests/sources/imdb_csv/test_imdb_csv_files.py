import hashlib
import json
import zipfile
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
from datalake.sources.ingestion import ingest
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


def renamed(old, new):
    return HEADER.replace(old, new)


def without(name):
    return "|".join(column for column in header(Kind.MOVIE) if column != name)


BAD_FILES = {
    "empty": (b"", "the file is empty"),
    "a header alone": (f"{HEADER}\n".encode(), "a header and no rows"),
    "a header cut short": (HEADER.encode(), "a header and no rows"),
    "commas": (
        f"{HEADER}\n{ROW}\n".replace("|", ",").encode(),
        r"no \| in the header.*, not by commas$",
    ),
    "semicolons": (
        f"{HEADER}\n{ROW}\n".replace("|", ";").encode(),
        r"no \| in the header.*, not by semicolons$",
    ),
    "every cell quoted": (
        f'"{HEADER}"\n"{ROW}"\n'.replace("|", '"|"').encode(),
        "every cell is quoted; export it without quotes",
    ),
    "a missing column": (f"{without('genero')}\n{ROW}\n".encode(), "no column genero"),
    "the typo mended": (
        f"{renamed('tituloPincipal', 'tituloPrincipal')}\n{ROW}\n".encode(),
        "no column tituloPincipal",
    ),
    "another case": (f"{renamed('id|', 'ID|')}\n{ROW}\n".encode(), "no column id"),
    "an extra column": (f"{HEADER}|pais\n{ROW}|BR\n".encode(), "unknown column pais"),
    "a column twice": (f"{HEADER}|id\n{ROW}|x\n".encode(), "another order"),
    "a series file": (content(Kind.SERIES, line(Kind.SERIES)), "unknown column anoTermino"),
    "another order": (
        f"{HEADER.replace('genero|notaMedia', 'notaMedia|genero')}\n{ROW}\n".encode(),
        "another order",
    ),
    "no header": (f"{ROW}\n{ROW}\n".encode(), "no column id"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(64), "a gzip archive"),
    "parquet": (b"PAR1" + bytes(64), "a Parquet file"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(64), "an old Excel workbook"),
    "UTF-16": (f"{HEADER}\n{ROW}\n".encode("utf-16"), "UTF-16"),
    "one line of noise": (bytes(range(1, 10)) * 300_000, r"no \| in the header"),
}


@pytest.mark.parametrize(("data", "message"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_one_clear_line_and_nothing_is_written(lake, source, data, message):
    write_source(source)
    (source / "movies.csv").write_bytes(data)
    with pytest.raises(InputError, match=message) as raised:
        ingest(lake, source, DAY)
    assert str(raised.value).startswith(f"{source / 'movies.csv'}: ")
    assert "\n" not in str(raised.value)
    assert stored(lake) == []


def test_a_bad_second_file_keeps_the_first_out(lake, source):
    write_source(source, series=content(Kind.MOVIE, ROW))
    with pytest.raises(InputError, match=r"series\.csv: no column anoTermino"):
        ingest(lake, source, DAY)
    assert stored(lake) == []


@pytest.mark.parametrize("name", ["movies.csv", "series.csv"])
def test_a_missing_file_is_named(lake, source, name):
    (write_source(source) / name).unlink()
    with pytest.raises(InputError, match=r"can't read it: No such file or directory") as raised:
        ingest(lake, source, DAY)
    assert str(source / name) in str(raised.value)
    assert stored(lake) == []


def test_a_folder_called_movies_csv_is_named(lake, source):
    (write_source(source) / "movies.csv").unlink()
    (source / "movies.csv").mkdir()
    with pytest.raises(InputError, match=r"movies\.csv: can't read it: Is a directory"):
        ingest(lake, source, DAY)


def test_a_workbook_called_movies_csv_is_seen_through(lake, source):
    write_source(source)
    with zipfile.ZipFile(source / "movies.csv", "w") as workbook:
        workbook.writestr("xl/worksheets/sheet1.xml", f"<row>{ROW}</row>")
    with pytest.raises(InputError, match=r"movies\.csv: this is a zip archive or Excel workbook"):
        ingest(lake, source, DAY)
    assert stored(lake) == []


def test_the_workbook_someone_committed_is_seen_through(lake, source, shared):
    workbook = shared / "data/imdb/bad_movies.csv_is_really_xlsx"
    write_source(source, workbook.read_bytes())
    with pytest.raises(InputError, match=r"movies\.csv: this is .* Excel workbook"):
        ingest(lake, source, DAY)
    assert stored(lake) == []


GOOD_FILES = {
    "a BOM": (b"\xef\xbb\xbf" + content(Kind.MOVIE, ROW, ROW), 2),
    "CRLF": (content(Kind.MOVIE, ROW, ROW, end="\r\n"), 2),
    "no last newline": (content(Kind.MOVIE, ROW, ROW).rstrip(b"\n"), 2),
    "blank lines": (content(Kind.MOVIE, ROW, "", ROW, ""), 4),
    "bad bytes in a row": (content(Kind.MOVIE, b"\xff\x00|" * 3), 1),
    "larger than a chunk": (content(Kind.MOVIE, *[ROW] * 20_000), 20_000),
}


@pytest.mark.parametrize(("data", "rows"), GOOD_FILES.values(), ids=GOOD_FILES.keys())
def test_what_is_odd_but_readable_is_accepted_as_it_is(lake, source, data, rows):
    file = ingest(lake, write_source(source, data), DAY)[0].file
    contents = file.contents
    assert (contents.rows, contents.header, contents.size) == (rows, HEADER, len(data))
    assert lake.storage.open(file.key).read() == data


def test_real_rows_are_accepted(lake, source, shared):
    data = (shared / "data/imdb/movies_sample_1010_rows.csv").read_bytes()
    assert ingest(lake, write_source(source, data), DAY)[0].file.rows == 1010


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
