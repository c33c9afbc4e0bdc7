"""The ids of films and series with their types and genres: written at ingest, read as a stream.

title.basics has 12.8 million lines, three quarters of them episodes; they are read once.
"""

import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from datetime import date
from functools import lru_cache
from typing import IO

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.schemas.lists import split_list
from datalake.schemas.title_types import DEFAULT_TITLE_TYPES, TitleTypes
from datalake.sources.gzip_files import gzip_lines
from datalake.sources.imdb_datasets.raw import BASICS, COLUMNS, TITLE_ID
from datalake.sources.source_file import newest_source_file

_TITLE_ID = re.compile(TITLE_ID.encode())
_EPISODE = b"tvEpisode"
_WIDTH = len(COLUMNS[BASICS])
_BLOCK = 16  # the last bits of a number, which are its place in a block
_REMEDY = "delete it and the manifest beside it, and ingest title.basics.tsv.gz again"


def write_ids(lines: Iterable[bytes], target: IO[bytes]) -> None:
    """Of each line of title.basics that is no episode: id, type and genres, gzipped.

    Of every type but episodes, for which are films and series is a setting. Lines of the wrong
    width and bad ids are left out: cleaning quarantines them.
    """
    with gzip.GzipFile(filename="", mode="wb", fileobj=target, compresslevel=6, mtime=0) as ids:
        for line in lines:
            cells = line.rstrip(b"\r\n").split(b"\t")
            if len(cells) == _WIDTH and cells[1] != _EPISODE and _TITLE_ID.fullmatch(cells[0]):
                ids.write(b"%b\t%b\t%b\n" % (cells[0], cells[1], cells[-1]))


def ids_in_scope(
    lake: Lake,
    kind: Kind,
    genres: Collection[str],
    day: date | None = None,
    title_types: TitleTypes = DEFAULT_TITLE_TYPES,
) -> Iterator[str]:
    """The ids in scope of the newest title.basics, of `day` or before, each once.

    An id of several rows is in scope where any of them is; Trusted keeps one of them. `LakeError`
    where there is no such file.
    """
    key = newest_source_file(lake, BASICS, day).ids_key
    types, in_scope = {name.encode() for name in title_types.of(kind)}, frozenset(genres)

    @lru_cache(maxsize=4096)
    def has_genre(cell: bytes) -> bool:
        return not in_scope.isdisjoint(split_list(cell.decode(errors="replace")))

    seen = _SeenIds()
    with closing(lake.storage.open(key)) as stream, gzip_lines(stream) as lines:
        try:
            for line in lines:
                title_id, title_type, names = line[:-1].split(b"\t")
                if title_type in types and has_genre(names) and seen.add(title_id):
                    yield title_id.decode()
        except (ValueError, EOFError, OSError, zlib.error) as error:
            raise LakeError(f"{lake.storage.url(key)}: damaged; {_REMEDY}") from error


class _SeenIds:
    """The ids that were seen, as bits in blocks of 65,536: 5 MB up to IMDb's highest, 40 million.

    As a set, 3 million titles of all types and genres would take 200 MB of a Lambda's 512.
    """

    def __init__(self) -> None:
        self._blocks: defaultdict[int, bytearray] = defaultdict(lambda: bytearray(1 << _BLOCK - 3))

    def add(self, title_id: bytes) -> bool:
        """Whether it is an id that was not seen before; lists of older versions hold others."""
        if not _TITLE_ID.fullmatch(title_id):
            return False
        number = int(title_id[2:])
        block = self._blocks[number >> _BLOCK]
        place, bit = number >> 3 & len(block) - 1, 1 << (number & 7)
        if block[place] & bit:
            return False
        block[place] |= bit
        return True
