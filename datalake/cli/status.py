"""`datalake status`: what the lake holds, for people or for programs."""

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from datalake.cli import options
from datalake.core.lake import Lake
from datalake.pipeline.status import read_status


@click.command("status")
@options.with_existing_lake
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def show_status(lake: Lake, as_json: bool) -> None:
    """Tell what the lake holds: source files, TMDB responses, tables, quarantine."""
    status = read_status(lake)
    if as_json:
        click.echo(json.dumps(status, indent=2, ensure_ascii=False))
        return
    console = Console()
    console.print(f"Lake {status['lake']}", highlight=False)
    console.print(_grid("Raw", ("source file", "rows", "bytes"), status["source_files"], "id"))
    tmdb = status["tmdb"]["newest_run"]
    if tmdb:
        console.print(f"TMDB: {status['tmdb']['files']} files; newest run {tmdb['started_at']}")
    console.print(
        _grid("Tables", ("table", "rows", "files", "bytes", "at"), status["tables"], "table")
    )
    quarantined = next(
        (t["rows"] for t in status["tables"] if t["table"].endswith("quarantine")), 0
    )
    console.print(f"Quarantine: {quarantined:,} rows")


def _grid(title: str, names: tuple[str, ...], rows: list[dict[str, Any]], first: str) -> Table:
    grid = Table(title=title, title_justify="left")
    for name in names:
        grid.add_column(name, justify="left" if name in (names[0], "at") else "right")
    for row in rows:
        cells = (row[first], *(row[name] for name in names[1:]))
        grid.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell)[:25] for cell in cells))
    return grid
