"""Write docs/data-dictionary.md from the schemas; with `--check`, only tell whether it is stale."""

import argparse
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from datalake.questions.registry import TABLES
from datalake.schemas import Column, Table

TARGET = Path(__file__).parent.parent / "docs" / "data-dictionary.md"

INTRO = """\
# Data dictionary

Every table of the lake: its grain, its key and its columns. This file is generated from
`datalake/schemas` and `datalake/questions` by `make docs`; change those, not this file.

Types are Spark SQL's. Unknown is null, never 0 or an empty text. A key marks a row: no two
rows of a table have the same one. The unknown member of a dimension has the key 0.
"""


def main() -> int:
    """Write the file, or check it; 1 where a check finds it stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    arguments = parser.parse_args()
    expected = dictionary(TABLES)
    if not arguments.check:
        TARGET.write_text(expected, encoding="utf-8")
    elif not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != expected:
        print("docs/data-dictionary.md is stale; run: make docs", file=sys.stderr)
        return 1
    return 0


def dictionary(tables: tuple[Table, ...]) -> str:
    """The whole file's text: an overview, then one section a layer, one table after another."""
    parts = [INTRO, _overview(tables)]
    for layer, members in groupby(tables, lambda table: table.layer):
        parts += [f"## {layer}\n", *map(_section, members)]
    return "\n".join(parts)


def _overview(tables: tuple[Table, ...]) -> str:
    rows = [(f"[{t.layer}.{t.name}](#{t.name})", _cell(t.grain)) for t in tables]
    return _grid(("Table", "Grain"), rows)


def _section(table: Table) -> str:
    facts = f"{table.grain}\n\nKey: {_names(table.key)}."
    if table.partitioned_by:
        facts += f" Partitioned by: {_names(table.partitioned_by)}."
    rows = [_row(column) for column in table.columns]
    return f"### {table.name}\n\n{facts}\n\n" + _grid(("Column", "Type", "Meaning"), rows)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _row(column: Column) -> tuple[str, ...]:
    return f"`{column.name}`", f"`{column.type}`", _cell(column.comment)


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("<", r"\<")


def _grid(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [names, tuple("---" for _ in names), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    sys.exit(main())
