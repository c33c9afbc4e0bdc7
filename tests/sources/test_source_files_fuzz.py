"""Whole source files, cut and altered: refused in one line, or their lines counted right."""

import codecs

from hypothesis import given
from hypothesis import strategies as st
from support.damage import damaged
from support.source_files import content
from support.wild_lines import wild_lines

from datalake.core.errors import InputError
from datalake.core.progress import silent
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.files import IMDB_CSV
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.imdb_csv.scope import titles_in_scope

WORDS = ["João", '"', "\r", r"\N", "\u2028x", "a\x85", "Ana", "Rui"]
SPEC = FILES[Kind.MOVIE]


def wild_file(chance, count=12):
    """A movies.csv with something wrong in its lines, in its bytes, or in how it was saved."""
    data = content(Kind.MOVIE, *wild_lines(chance, Kind.MOVIE, WORDS, count))
    text = data.decode(errors="replace")
    saved = {
        "latin-1": text.encode("latin-1", "replace"),
        "utf-16": text.encode("utf-16"),
        "utf-16 without a mark": text.encode("utf-16-le"),
        "utf-8 with a mark": codecs.BOM_UTF8 + data,
        "two marks": codecs.BOM_UTF8 * 2 + data,
        "CR": data.replace(b"\n", b"\r"),
        "CRLF": data.replace(b"\n", b"\r\n"),
        "twice": data + data,
        "a huge line": data.replace(b"\n", b"x" * 200_000 + b"\n", chance.choice((2, 1))),
        "NULs": data + b"\0" * 4_096,
        "blank lines": data.replace(b"\n", b"\n\n"),
        "no last newline": data.rstrip(b"\n"),
        "altered": damaged(data, chance),
        "altered twice": damaged(damaged(data, chance), chance),
        "a header altered": damaged(data[:150], chance) + data[150:],
    }
    return saved[chance.choice(sorted(saved))]


def check_line(error, name="movies.csv"):
    (line,) = str(error).splitlines()
    assert name in line
    assert len(line) < 1_000


@given(st.randoms(use_true_random=False))
def test_a_wild_file_is_refused_in_one_line_or_its_lines_are_counted(tmp_path_factory, chance):
    path = tmp_path_factory.getbasetemp() / "movies.csv"
    data = wild_file(chance)
    path.write_bytes(data)
    try:
        contents = IMDB_CSV.inspect(SPEC, path, silent)
    except InputError as error:
        check_line(error)
        return
    lines = data.removesuffix(b"\n").split(b"\n")
    assert (contents.size, contents.rows) == (len(data), len(lines) - 1)
    assert contents.damaged == (b"\0" in data or not is_utf8(data))
    ids = list(titles_in_scope(iter(data.splitlines(keepends=True)), ("Crime",)))
    assert len(ids) == len(set(ids))
    assert all(title_id.encode() in data for title_id in ids)


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
