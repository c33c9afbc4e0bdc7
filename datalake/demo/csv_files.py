"""movies.csv and series.csv as the source writes them: quirks included, damage left out."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from datalake.demo.facts import Facts
from datalake.demo.people import NULL
from datalake.demo.titles import Title
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header
from datalake.sources.imdb_csv.raw import FILE_NAMES


class CsvFiles(ExitStack):
    """Both CSV files, written as the titles come."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.rows = Counter(dict.fromkeys(FILE_NAMES.values(), 0))
        self._files = {
            kind: self.enter_context((folder / name).open("w", encoding="utf-8", newline="\n"))
            for kind, name in FILE_NAMES.items()
        }
        for kind, file in self._files.items():
            file.write("|".join(header(kind)) + "\n")

    def add(self, title: Title, facts: Facts) -> None:
        """Write the title's rows."""
        rows = csv_rows(title, facts)
        self._files[title.kind].writelines(rows)
        self.rows[FILE_NAMES[title.kind]] += len(rows)


def csv_rows(title: Title, facts: Facts) -> list[str]:
    """One row per artist, the title's columns on each; now and then the last row twice."""
    cells: list[str | float] = [title.title_id, title.primary, title.original, facts.year]
    if title.kind is Kind.SERIES:
        cells.append(facts.end_year)
    cells += [facts.minutes, facts.genres, facts.rating, facts.votes]
    title_part = "|".join(map(str, cells))
    rows = [
        # The source runs the characters of an artist together.
        f"{title_part}|{person.job}|{''.join(played) or NULL}|{person.name}|{person.bio}\n"
        for person, played in title.cast
    ]
    return [*rows, rows[-1]] if title.number % 401 in (7, 8) else rows
