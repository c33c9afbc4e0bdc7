"""Files that are refused in one line, and odd ones that are accepted."""

import zipfile

import pytest
from support.source_files import DAY, content, line, write_source

from datalake.core.errors import InputError
from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header
from datalake.sources.ingestion import ingest

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
    "CR between the lines": (f"{HEADER}\r{ROW}\r".encode(), "a CR in the header; save it with LF"),
    "a column of control characters": (
        f"{HEADER}|\x1b[2J\x85\u2028\n{ROW}\n".encode(),
        r"unknown column \\x1b\[2J\\x85\\u2028; movies.csv has no such one$",
    ),
    "a long column": (
        f"{HEADER}|{'x' * 9_999}\n{ROW}\n".encode(),
        "unknown column x{100,} … x+; movies.csv has",
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
    with pytest.raises(InputError, match=rf"source: no {name} is there; imdb-csv has movies\.csv"):
        ingest(lake, source, DAY)
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
