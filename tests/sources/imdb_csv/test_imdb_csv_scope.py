import io
import re
import tracemalloc
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.local_s3 import s3_root
from support.source_files import put_source_file

from datalake.core.errors import InputError, LakeError
from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.imdb_csv.scope import ids_in_scope, titles_in_scope

GENRES = ("Crime", "War")
FILMS = "id|tituloPincipal|tituloOriginal|anoLancamento|tempoMinutos|genero|notaMedia|numeroVotos"
SERIES = "id|tituloPincipal|tituloOriginal|anoLancamento|anoTermino|tempoMinutos|genero|notaMedia"


def film(title_id, genres, title="A title"):
    return f"{title_id}|{title}|{title}|1999|90|{genres}|7.1|123"


def scope(*lines, header=FILMS, end="\n"):
    text = "".join(line + end for line in (header, *lines))
    return list(titles_in_scope(io.BytesIO(text.encode()), GENRES))


@pytest.mark.parametrize(
    ("genres", "expected"),
    [
        ("Crime", True),
        ("Action,Crime,Drama", True),
        ("Drama,War", True),
        ("Drama, War", True),
        ("Drama", False),
        ("Warfare", False),
        ("crime", False),
        (r"\N", False),
        ("", False),
    ],
)
def test_a_title_is_in_scope_by_a_whole_genre_name(genres, expected):
    assert scope(film("tt0000001", genres)) == (["tt0000001"] if expected else [])


def test_each_title_comes_once_in_the_order_of_the_file():
    lines = [
        film("tt0000002", "War"),
        film("tt0000002", "War"),
        film("tt10000001", "Crime"),
        film("tt0000002", "War"),
    ]
    assert scope(*lines) == ["tt0000002", "tt10000001"]


def test_one_row_in_scope_is_enough_for_a_title_whose_rows_disagree():
    assert scope(film("tt0000001", "Drama"), film("tt0000001", "War")) == ["tt0000001"]


def test_the_genre_is_found_by_the_header():
    assert scope("tt0903747|B|B|2008|2013|45|Crime|9.5", header=SERIES) == ["tt0903747"]


def test_quotes_are_letters_like_others():
    assert scope(film("tt0000001", "War", title='"War'), film("tt0000002", "War")) == [
        "tt0000001",
        "tt0000002",
    ]


def test_bom_and_crlf_are_tolerated():
    header = "\ufeffid|genero"
    assert scope("tt0000001|War", "tt0000002|Drama", header=header, end="\r\n") == ["tt0000001"]


def test_bad_lines_are_passed_over():
    lines = ["", "tt0000001|cut", "nm0000001|x|x|1|1|War|1|1", "tt12|x|x|1|1|War|1|1"]
    assert scope(*lines, film("tt0000009", "War")) == ["tt0000009"]


@pytest.mark.parametrize("header", ["", "id;genero", "id|genre", "PK\x03\x04\x00"])
def test_a_header_without_the_columns_is_an_error(header):
    with pytest.raises(InputError, match="id or genero"):
        scope(film("tt0000001", "War"), header=header)


@given(st.lists(st.binary()))
@example([b"\xff|\xfe|x|y|z|War"])
def test_no_line_breaks_the_stream(lines):
    good = film("tt0000009", "War").encode()
    ids = list(titles_in_scope([FILMS.encode(), *lines, good], GENRES))
    assert ids[-1] == "tt0000009" or "tt0000009" in ids
    assert all(re.fullmatch(r"tt\d{7,}", title) for title in ids)


def test_the_newest_file_of_the_day_or_before_is_read(tmp_path):
    lake = Lake(str(tmp_path))
    put_source_file(
        lake, FILES[Kind.MOVIE], date(2026, 1, 1), f"{FILMS}\n{film('tt0000001', 'War')}\n"
    )
    put_source_file(
        lake, FILES[Kind.MOVIE], date(2026, 1, 2), f"{FILMS}\n{film('tt0000002', 'War')}\n"
    )
    assert list(ids_in_scope(lake, Kind.MOVIE, GENRES)) == ["tt0000002"]
    assert list(ids_in_scope(lake, Kind.MOVIE, GENRES, date(2026, 1, 1))) == ["tt0000001"]
    with pytest.raises(LakeError, match=r"series\.csv"):
        list(ids_in_scope(lake, Kind.SERIES, GENRES))


def test_an_error_names_the_file(tmp_path):
    lake = Lake(str(tmp_path))
    put_source_file(lake, FILES[Kind.MOVIE], date(2026, 1, 1), b"a;b\n")
    with pytest.raises(InputError, match=r"2026/01/01/movies\.csv: the header"):
        list(ids_in_scope(lake, Kind.MOVIE, GENRES))


def test_a_lake_on_s3_is_streamed_line_by_line(monkeypatch):
    films = [film(f"tt{number:07d}", "War", "é" * 300) for number in range(1, 2001)]
    with s3_root(monkeypatch) as root:
        lake = Lake(root)
        put_source_file(lake, FILES[Kind.MOVIE], date(2026, 1, 1), "\n".join([FILMS, *films]))
        assert len(list(ids_in_scope(lake, Kind.MOVIE, GENRES))) == 2000


def test_memory_holds_the_ids_and_no_more():
    def lines():
        yield FILMS.encode()
        for number in range(100_000):
            genre = "War" if number % 100 == 0 else "Drama"
            yield film(f"tt{number:07d}", genre, "x" * 100).encode()

    tracemalloc.start()
    count = sum(1 for _ in titles_in_scope(lines(), GENRES))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1000
    assert peak < 500_000
