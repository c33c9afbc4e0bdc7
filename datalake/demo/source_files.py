"""What the writers of the sample's formats share."""

import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from datalake.demo.facts import Facts
from datalake.demo.titles import Title


class SourceFiles(AbstractContextManager["SourceFiles"], Protocol):
    """The source files of a format, whole once the block ends; `rows` counts each file's."""

    rows: Counter[str]

    def add(self, title: Title, facts: Facts) -> None:
        """Write the title's rows."""


@contextmanager
def gzip_file(path: Path) -> Iterator[gzip.GzipFile]:
    """A gzip file to write to, with neither name nor time in it: equal samples are equal bytes."""
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=3, fileobj=file, mtime=0) as packed,
    ):
        yield packed
