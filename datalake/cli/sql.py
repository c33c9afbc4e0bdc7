"""`datalake sql`: a query on the lake, as a table or a file."""

import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from datalake.cli import options
from datalake.core.lake import Lake

_MAX_ROWS = 200
_PIPE_WIDTH = 10_000


@click.command()
@options.with_lake
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows to this file: .csv, .parquet or .json.",
)
@click.option("--vertical", is_flag=True, help="A line for each cell: for rows of many columns.")
@click.argument("query", required=False)
def sql(lake: Lake, output: Path | None, vertical: bool, query: str | None) -> None:
    """Run a QUERY on the lake and print its rows; without one, list the tables and views.

    The SQL is DuckDB's. Every table of Trusted, Refined and Answers is there by its name, and
    so is every view. For lakes in a folder; query one on S3 in Athena.
    """
    from datalake.sql.connection import connect
    from datalake.sql.query import run_query, write_rows

    with connect(lake) as connection:
        if query and output:
            click.echo(f"{output}: {write_rows(connection, query, output):,} rows", err=True)
            return
        result = run_query(connection, query or _CATALOG)
        columns = [(name, str(type)) for name, type, *_ in result.description or ()]
        rows = result.fetchmany(_MAX_ROWS + 1)
        remaining = len(result.fetchall()) + 1 if len(rows) > _MAX_ROWS else 0
    if vertical:
        _print_vertical([name for name, _ in columns], rows[:_MAX_ROWS])
    else:
        _print_table(columns, rows[:_MAX_ROWS])
    if remaining:
        click.echo(f"… and {remaining:,} rows more; --output FILE writes all of them", err=True)


_CATALOG = """
    SELECT schema_name AS "schema", view_name AS name, comment AS rows_and_questions
    FROM duckdb_views() WHERE NOT internal ORDER BY 1 DESC, 2
"""


def _print_table(columns: list[tuple[str, str]], rows: list[tuple[Any, ...]]) -> None:
    table = Table()
    for name, type in columns:
        table.add_column(name, justify="right" if type in ("NUMBER", "BIGINT") else "left")
    for row in rows:
        table.add_row(*(_format(value) for value in row))
    # A terminal wraps; a file or a pipe gets every cell uncut.
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table, highlight=False)


def _print_vertical(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    width = max(map(len, names))
    for number, row in enumerate(rows, 1):
        click.echo(f"─── row {number:,} ───")
        for name, value in zip(names, row, strict=True):
            text = " ".join(_format(value).splitlines())
            click.echo(f"{name.rjust(width)}  {text}".rstrip())


def _format(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
