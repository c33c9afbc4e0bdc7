"""IMDb's datasets as IMDb writes them: gzipped TSV without quoting, sorted by id as text."""

from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from types import TracebackType

from datalake.demo.dataset_credits import Casting, credit_rows, crew_row, name_rows
from datalake.demo.dataset_episodes import Episodes
from datalake.demo.dataset_others import OtherTitles
from datalake.demo.dataset_rows import HEADERS, Row, title_rows
from datalake.demo.facts import Facts
from datalake.demo.source_files import gzip_file
from datalake.demo.titles import Title


class DatasetFiles(AbstractContextManager["DatasetFiles"]):
    """The six files that a lake reads; their rows are in memory until the block ends."""

    def __init__(self, folder: Path, seed: int) -> None:
        rng = Random(f"datasets {seed}")  # noqa: S311 - made-up data, no secrets
        self.rows = Counter(dict.fromkeys(HEADERS, 0))
        self._folder = folder
        self._lines: dict[str, list[str]] = {file: [] for file in HEADERS}
        self._casting = Casting(rng)
        self._episodes, self._others = Episodes(rng), OtherTitles(rng)
        self._named: set[str] = set()

    def add(self, title: Title, facts: Facts) -> None:
        """Keep the title's rows, those of its episodes, and now and then another title's."""
        credits = self._casting.credits_of(title)
        self._keep(title_rows(title, facts))
        self._keep(credit_rows(title.title_id, credits))
        self._keep([crew_row(title.title_id, credits)])
        self._keep(self._episodes.rows(title, facts))
        for other in self._others.beside(title):
            self._keep(other.rows)
            credits += other.credits
        self._keep(name_rows(credits, self._named))

    def _keep(self, rows: Iterable[Row]) -> None:
        for file, *cells in rows:
            self._lines[file].append("\t".join(cells))
            self.rows[file] += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            for file, lines in self._lines.items():
                self._write(file, lines)

    def _write(self, file: str, lines: list[str]) -> None:
        lines.sort(key=lambda line: line.partition("\t")[0])
        with gzip_file(self._folder / file) as packed:
            packed.write("".join(f"{line}\n" for line in [HEADERS[file], *lines]).encode())
