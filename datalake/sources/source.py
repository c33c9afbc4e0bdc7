"""What a source of titles is: the one seam between a folder here and the rest of the lake."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

from datalake.core.lake import Lake
from datalake.core.progress import Progress
from datalake.schemas.kinds import Kind


@dataclass(frozen=True)
class FileSpec:
    """A file that a source has, and the folder of Raw that is this file's alone.

    `kind` is set where all its titles are of one kind.
    """

    name: str
    folder: str
    kind: Kind | None = None


@dataclass(frozen=True)
class FileContents:
    """What a check of a file measured; `rows` leaves the header out.

    `damaged` files hold bytes that aren't UTF-8, or NUL.
    """

    size: int
    sha256: str
    rows: int
    header: str
    damaged: bool = False


@dataclass(frozen=True)
class TitleSource:
    """A source of titles; importing it loads no Spark.

    `inspect` reads a file whole and raises `InputError` where it isn't what its spec says.
    `ids_in_scope` streams the ids of a kind's titles that have one of the genres, each once, from
    the newest files of a day or before. `tables` names the module, loaded only when Trusted is
    built, whose `clean` takes the files and a `ReadLines` and returns a `Cleaned`.
    """

    name: str
    files: tuple[FileSpec, ...]
    inspect: Callable[[FileSpec, Path, Progress], FileContents]
    ids_in_scope: Callable[[Lake, Kind, Collection[str], date | None], Iterator[str]]
    tables: str

    def spark_half(self) -> ModuleType:
        """The module `tables`; the Lambda's package leaves it out."""
        return import_module(self.tables)

    @property
    def file_names(self) -> str:
        """Its files as a message names them: «movies.csv and series.csv»."""
        *first, last = (spec.name for spec in self.files)
        return f"{', '.join(first)} and {last}" if first else last
