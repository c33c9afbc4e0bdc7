"""`datalake sql`: a query on the lake, as a table or a file."""

import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from datalake.cli import options
from datalake.core.lake import Lake

_SHOWN = 200
_UNCUT = 10_000


@click.command()
@options.lake
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows to this file: .csv, .parquet or .json.",
)
@click.argument("query", required=False)
def sql(lake: Lake, output: Path | None, query: str | None) -> None:
    """Run a QUERY on the lake and print its rows; without one, list the tables and views.

    The SQL is DuckDB's. Every table of Trusted, Refined and Answers is there by its name, and
    so is every view of sql/.
    """
    from datalake.sql.connection import connect
    from datalake.sql.query import ask, write

    with connect(lake) as connection:
        if query and output:
            click.echo(f"{output}: {write(connection, query, output):,} rows", err=True)
            return
        found = ask(connection, query or _CATALOG)
        names = [(name, str(kind)) for name, kind, *_ in found.description or ()]
        rows = found.fetchmany(_SHOWN + 1)
        more = len(found.fetchall()) + 1 if len(rows) > _SHOWN else 0
    _print(names, rows[:_SHOWN])
    if more:
        click.echo(f"… and {more:,} rows more; --output FILE writes all of them", err=True)


_CATALOG = """
    SELECT schema_name AS "schema", view_name AS name, comment AS rows_and_questions
    FROM duckdb_views() WHERE NOT internal ORDER BY 1 DESC, 2
"""


def _print(names: list[tuple[str, str]], rows: list[tuple[Any, ...]]) -> None:
    grid = Table()
    for name, kind in names:
        grid.add_column(name, justify="right" if kind in ("NUMBER", "BIGINT") else "left")
    for row in rows:
        grid.add_row(*(_cell(value) for value in row))
    # A terminal wraps; a file or a pipe gets every cell uncut.
    Console(width=None if sys.stdout.isatty() else _UNCUT).print(grid, highlight=False)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
