"""Which titles of a source file are in scope, read as a stream of lines."""

import io
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from datetime import date
from functools import lru_cache
from typing import cast

from datalake.core.errors import InputError
from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.schemas.lists import split_list
from datalake.schemas.title_types import DEFAULT_TITLE_TYPES, TitleTypes
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.source_file import newest_source_file

_TITLE_ID = re.compile(rb"tt\d{7,}")


def ids_in_scope(
    lake: Lake,
    kind: Kind,
    genres: Collection[str],
    day: date | None = None,
    _title_types: TitleTypes = DEFAULT_TITLE_TYPES,
) -> Iterator[str]:
    """The ids in scope of the newest file of that kind, of `day` or before, each once.

    `LakeError` where there is no such file, `InputError` where its header is another's.
    """
    file = newest_source_file(lake, FILES[kind], day)
    # Not `with stream`: an S3 body would hand out its inner stream, closed before its last line.
    with closing(lake.storage.open(file.key)) as stream:
        lines = io.BufferedReader(cast(io.RawIOBase, stream), 1 << 18)
        try:
            yield from titles_in_scope(lines, genres)
        except InputError as error:
            raise InputError(f"{lake.storage.url(file.key)}: {error}") from None


def titles_in_scope(lines: Iterable[bytes], genres: Collection[str]) -> Iterator[str]:
    """Each title id once, in order, of which any row has one of `genres`.

    Lines without id or genre are skipped: cleaning quarantines them.
    """
    rows, in_scope = iter(lines), frozenset(genres)
    id_at, genre_at = _columns(next(rows, b""))
    last = max(id_at, genre_at) + 1

    @lru_cache(maxsize=4096)
    def has_genre(cell: bytes) -> bool:
        return not in_scope.isdisjoint(split_list(cell.decode(errors="replace")))

    seen = set()
    for line in rows:
        cells = line.rstrip(b"\r\n").split(b"|", last)
        if len(cells) < last or not has_genre(cells[genre_at]):
            continue
        title = cells[id_at]
        if title not in seen and _TITLE_ID.fullmatch(title):
            seen.add(title)
            yield title.decode()


def _columns(header: bytes) -> tuple[int, int]:
    names = header.removeprefix(b"\xef\xbb\xbf").strip().split(b"|")
    try:
        return names.index(b"id"), names.index(b"genero")
    except ValueError:
        raise InputError(
            "the header lacks the column id or genero; expected names with | between"
        ) from None
