"""What a source of titles is: the one seam between a folder here and the rest of the lake."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import IO

from datalake.core.lake import Lake
from datalake.core.progress import Progress
from datalake.schemas.kinds import Kind
from datalake.schemas.title_types import TitleTypes


@dataclass(frozen=True)
class FileSpec:
    """A file that a source has, and the folder of Raw that is this file's alone.

    `kind` is set where all its titles are of one kind. With `has_ids` its source's `write_ids`
    lists its ids at ingest, in a file beside it.
    """

    name: str
    folder: str
    kind: Kind | None = None
    has_ids: bool = False


@dataclass(frozen=True)
class FileContents:
    """What a check of a file measured; `rows` leaves the header out.

    `damaged` files hold NUL bytes, or bytes that aren't UTF-8. `file_date` is when the file was
    made, ISO 8601 in UTC, empty where unknown. `modified_ns` is its modification time, 0 where that
    can't be trusted. `made_up`: it is of a made-up sample.
    """

    size: int
    sha256: str
    rows: int
    header: str
    damaged: bool = False
    file_date: str = ""
    modified_ns: int = 0
    made_up: bool = False


@dataclass(frozen=True)
class TitleSource:
    """A source of titles; importing it loads no Spark.

    `inspect` reads a file whole and raises `InputError` where it isn't what its spec says.
    `ids_in_scope` streams the ids of a kind's titles that have one of the genres, each once, from
    the newest files of a day or before; a source without IMDb's title types passes them over.
    `write_ids` gets the data lines of a file that `has_ids`. `tables` names the module, loaded only
    when Trusted is built, whose `clean` takes the files, a `ReadLines` and the title types, and
    returns a `Cleaned`.
    """

    name: str
    files: tuple[FileSpec, ...]
    inspect: Callable[[FileSpec, Path, Progress], FileContents]
    ids_in_scope: Callable[[Lake, Kind, Collection[str], date | None, TitleTypes], Iterator[str]]
    tables: str
    write_ids: Callable[[Iterable[bytes], IO[bytes]], None] | None = None

    def spark_module(self) -> ModuleType:
        """The module `tables`; the Lambda's package leaves it out."""
        return import_module(self.tables)

    @property
    def file_names(self) -> str:
        """Its files as a message names them: «movies.csv and series.csv»."""
        *first, last = (spec.name for spec in self.files)
        return f"{', '.join(first)} and {last}" if first else last
