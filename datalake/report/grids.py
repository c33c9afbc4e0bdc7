"""The answers as tables of text: which columns, in which order, in how many digits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from datalake.report.data import Row
from datalake.report.words import Words

Cell = Callable[[Row, Words], str]


@dataclass(frozen=True)
class Grid:
    """A table as text: its caption, (heading, is a number) per column, and rows of cells."""

    caption: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Column:
    """A column of a grid: the heading's key, how a row's cell reads, and whether it's a number."""

    heading: str
    cell: Cell
    numeric: bool = True


def grid(caption: str, columns: Sequence[Column], rows: Sequence[Row], words: Words) -> Grid:
    """The rows, cell by cell, in the reader's language."""
    return Grid(
        words(caption),
        [(words(f"columns.{column.heading}"), column.numeric) for column in columns],
        [[column.cell(row, words) for column in columns] for row in rows],
    )


def _count(name: str) -> Column:
    return _number(name, 0)


def _number(name: str, digits: int) -> Column:
    return Column(name, lambda row, words: words.number(row[name], digits))


def _interval(low: str, high: str, digits: int) -> Column:
    return Column("interval", lambda row, words: words.interval(row[low], row[high], digits))


def _named(name: str, group: str) -> Column:
    return Column(name, lambda row, words: words.name(group, row[name] or "null"), numeric=False)


def _text(name: str) -> Column:
    return Column(name, lambda row, words: str(row[name]), numeric=False)


def stratum(row: Row, words: Words) -> str:
    """A stratum of Q1 in words: all films, a genre, or «1990s»."""
    if row["stratum_type"] == "decade":
        return words("decade", year=row["stratum"])
    return words.name("genres", row["stratum"])


POPULARITY_COST = (
    _named("measure", "measures"),
    Column("stratum", stratum, numeric=False),
    _count("n"),
    _number("rho", 2),
    _interval("ci_low", "ci_high", 2),
)

PEOPLE = (
    _named("role", "roles"),
    _count("rank"),
    _text("name"),
    _count("titles"),
    _number("imdb_mean", 2),
    _number("tmdb_mean", 2),
    _number("score", 2),
    _interval("ci_low", "ci_high", 2),
    _count("imdb_votes"),
    Column("best_known", lambda row, words: " · ".join(row["best_known"]), numeric=False),
)

TRENDS = (
    _named("measure", "measures"),
    Column("year", lambda row, words: str(row["year"] or words("all_years"))),
    _count("n"),
    _number("median", 1),
    _number("q1", 1),
    _number("q3", 1),
)

RATINGS = (
    _named("kind", "kinds"),
    _named("outcome", "outcomes"),
    _count("n"),
    _number("rho_imdb", 2),
    _interval("imdb_low", "imdb_high", 2),
    _number("rho_tmdb", 2),
    _interval("tmdb_low", "tmdb_high", 2),
    _number("difference", 2),
    _interval("ci_low", "ci_high", 2),
    _named("verdict", "verdicts"),
)

RECONCILIATION = (
    _text("source"),
    _count("raw_rows"),
    _count("trusted_rows"),
    _count("exact_duplicates"),
    _count("quarantined_rows"),
    _count("titles"),
    Column("adds_up", lambda row, words: words("yes" if adds_up(row) else "no"), numeric=False),
    _text("snapshot"),
)


def adds_up(row: Row) -> bool:
    """Raw rows = trusted rows + exact duplicates + quarantined rows."""
    kept = row["trusted_rows"] + row["exact_duplicates"] + row["quarantined_rows"]
    return bool(row["raw_rows"] == kept)
