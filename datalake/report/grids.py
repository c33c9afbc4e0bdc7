"""Tables of text for the page: which columns, in which order, in how many digits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from datalake.report.data import Row
from datalake.report.i18n import Translator

Cell = Callable[[Row, Translator], str]


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


def grid(caption: str, columns: Sequence[Column], rows: Sequence[Row], words: Translator) -> Grid:
    """The rows, cell by cell, in the reader's language."""
    return Grid(
        caption,
        [(words(f"columns.{column.heading}"), column.numeric) for column in columns],
        [[column.cell(row, words) for column in columns] for row in rows],
    )


def _count(name: str) -> Column:
    return Column(name, lambda row, words: words.number(row[name]))


def _named(name: str, group: str) -> Column:
    return Column(name, lambda row, words: words.name(group, row[name]), numeric=False)


def _text(name: str) -> Column:
    return Column(name, lambda row, words: str(row[name]), numeric=False)


def _yes(heading: str, holds: Callable[[Row], bool | None]) -> Column:
    said = {True: "yes", False: "no", None: "untold"}
    return Column(heading, lambda row, words: words(said[holds(row)]), numeric=False)


def subject(row: Row, words: Translator) -> str:
    """What a row of the sensitivity is about: a measure, a role, or a kind's outcome."""
    name = str(row["subject"])
    if row["question"] == "q4":
        kind, outcome = name.split(".")
        return f"{words.name('kinds', kind)}: {words.name('outcomes', outcome)}"
    return words.name("roles" if row["question"] == "q2" else "measures", name)


def adds_up(row: Row) -> bool:
    """Raw rows = trusted rows + exact duplicates + quarantined rows."""
    kept = row["trusted_rows"] + row["exact_duplicates"] + row["quarantined_rows"]
    return bool(row["raw_rows"] == kept)


RECONCILIATION = (
    _text("source"),
    _count("raw_rows"),
    _count("trusted_rows"),
    _count("exact_duplicates"),
    _count("quarantined_rows"),
    _count("titles"),
    _yes("adds_up", adds_up),
    _text("snapshot"),
)

QUARANTINE = (_text("source"), _text("reason"), _count("rows"))

COVERAGE = (
    _named("kind", "kinds"),
    _count("in_scope"),
    _count("found"),
    _count("not_found"),
    _count("other_kind"),
    _count("answers"),
    _count("superseded"),
    _count("quarantined"),
)

ROW_COUNTS = (_text("table"), _count("rows"))

_SENSITIVITY = (
    Column("subject", subject, numeric=False),
    _named("variant", "variants"),
    _count("n"),
    Column("value", lambda row, words: words.number(row["value"], 2)),
    Column("interval", lambda row, words: words.interval(row["ci_low"], row["ci_high"], 2)),
    _yes("agrees", lambda row: row["agrees"]),
)
_LEADER = Column("leader", lambda row, words: row["leader"] or words("untold"), numeric=False)


def sensitivity(question: str, rows: Sequence[Row], words: Translator) -> Grid:
    """A question's answers, each computed in other ways."""
    columns = list(_SENSITIVITY)
    if any(row["leader"] for row in rows):
        columns.insert(2, _LEADER)
    caption = f"{words(f'{question}.question')} {words('sensitivity')}"
    return grid(caption, columns, rows, words)
