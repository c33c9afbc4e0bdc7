"""`datalake status`: what the lake holds, for people or for programs."""

import json
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from datalake.cli import options
from datalake.core.lake import Lake
from datalake.pipeline.freshness import stale_parts
from datalake.pipeline.status import read_status


class _Age(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A number of hours or days."""

    name = "age"

    def convert(self, value: Any, parameter: Any, context: Any) -> Any:
        """The age; a usage error on any other text."""
        number, unit = str(value)[:-1], str(value)[-1:]
        if not number.isdigit() or unit not in ("h", "d"):
            self.fail(f"{value}: not an age such as 36h or 8d", parameter, context)
        return timedelta(hours=int(number) * (24 if unit == "d" else 1))


@click.command("status")
@options.with_existing_lake
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option(
    "--max-age",
    type=_Age(),
    metavar="AGE",
    help="Such as 36h or 8d: only name what is older, and exit with 1 if anything is.",
)
def show_status(lake: Lake, as_json: bool, max_age: timedelta | None) -> None:
    """Tell what the lake holds: source files, TMDB responses, tables, quarantine."""
    status = read_status(lake)
    if max_age is not None:
        stale = stale_parts(status, max_age)
        click.echo("\n".join(stale) or "fresh")
        sys.exit(1 if stale else 0)
    if as_json:
        click.echo(json.dumps(status, indent=2, ensure_ascii=False))
        return
    console = Console()
    console.print(f"Lake {status['lake']}", highlight=False)
    console.print(_grid("Raw", ("source file", "rows", "bytes"), status["source_files"], "id"))
    tmdb = status["tmdb"]["newest_run"]
    if tmdb:
        console.print(
            f"TMDB: {status['tmdb']['files']} files; newest run {_text(tmdb['started_at'])}"
        )
    console.print(
        _grid("Tables", ("table", "rows", "files", "bytes", "at"), status["tables"], "table")
    )
    quarantined = next(
        (t["rows"] for t in status["tables"] if t["table"].endswith("quarantine")), 0
    )
    console.print(f"Quarantine: {quarantined:,} rows")


def _grid(title: str, names: tuple[str, ...], rows: list[dict[str, Any]], id_column: str) -> Table:
    grid = Table(title=title, title_justify="left")
    for name in names:
        is_text = name in (names[0], "at")
        header = "at (UTC)" if name == "at" else name
        grid.add_column(header, justify="left" if is_text else "right", overflow="fold")
    for row in rows:
        cells = (row[id_column], *(row[name] for name in names[1:]))
        grid.add_row(*(f"{cell:,}" if isinstance(cell, int) else _text(cell) for cell in cells))
    return grid


def _text(cell: Any) -> str:
    """A time to the second, in UTC; any other text as it is."""
    with suppress(ValueError):
        return f"{datetime.fromisoformat(cell):%Y-%m-%d %H:%M:%S}"
    return str(cell)
