"""Tables of text for the page: which columns, in which order, in how many digits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from datalake.report.i18n import Translator
from datalake.schemas.table import Row

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


def fill_grid(
    caption: str, columns: Sequence[Column], rows: Sequence[Row], translate: Translator
) -> Grid:
    """The rows, cell by cell, in the reader's language."""
    return Grid(
        caption,
        [(translate(f"columns.{column.heading}"), column.numeric) for column in columns],
        [[column.cell(row, translate) for column in columns] for row in rows],
    )


def _count(name: str) -> Column:
    return Column(name, lambda row, translate: translate.number(row[name]))


def _named(name: str, group: str) -> Column:
    return Column(name, lambda row, translate: translate.name(group, row[name]), numeric=False)


def _text(name: str) -> Column:
    return Column(name, lambda row, translate: str(row[name]), numeric=False)


def _variant(row: Row, translate: Translator) -> str:
    """What a variant does otherwise; what is adjusted for differs from question to question."""
    if row["variant"] == "adjusted":
        return translate(f"adjusted.{row['question']}")
    return translate.name("variants", row["variant"])


def _yes_or_no(heading: str, holds: Callable[[Row], bool | None]) -> Column:
    keys = {True: "yes", False: "no", None: "unknown"}
    return Column(heading, lambda row, translate: translate(keys[holds(row)]), numeric=False)


ACCOUNTED = (
    *("trusted_rows", "filtered_rows", "exact_duplicates", "quarantined_rows", "dangling_rows"),
)


def adds_up(row: Row) -> bool:
    """Raw rows = trusted + filtered + exact duplicates + quarantined + dangling rows."""
    return bool(row["raw_rows"] == sum(row[name] for name in ACCOUNTED))


RECONCILIATION = (
    _text("source"),
    _count("raw_rows"),
    _count("trusted_rows"),
    _count("exact_duplicates"),
    _count("quarantined_rows"),
    _count("titles"),
    _yes_or_no("adds_up", adds_up),
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
    Column("variant", _variant, numeric=False),
    _count("n"),
    Column("value", lambda row, translate: translate.number(row["value"], 2)),
    Column("interval", lambda row, translate: translate.interval(row["ci_low"], row["ci_high"], 2)),
    Column("moved", lambda row, translate: translate.number(row["moved"], 2)),
    Column("holm", lambda row, translate: translate.p_value(row["holm"])),
    _yes_or_no("agrees", lambda row: row["agrees"]),
)
_LEADER = Column("leader", lambda row, translate: row["leader"] or translate("unknown"), False)


def sensitivity_grid(
    caption: str,
    subject: Callable[[str, Translator], str],
    rows: Sequence[Row],
    translate: Translator,
) -> Grid:
    """A question's answers, each computed in other ways; `subject` names what a row is about."""
    subject_column = Column(
        "subject", lambda row, translate: subject(row["subject"], translate), False
    )
    leader = [_LEADER] * any(row["leader"] for row in rows)
    variant, *figures = _SENSITIVITY
    return fill_grid(caption, (subject_column, variant, *leader, *figures), rows, translate)
