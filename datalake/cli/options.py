"""Options that several commands share."""

from collections.abc import Callable
from datetime import date, datetime
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click

from datalake.core.settings import DEFAULT_GENRES, TMDB_URL, lake_at
from datalake.enrichment.due import REFRESH_AFTER
from datalake.sources.tmdb.client import DEFAULT_RATE

Command = Callable[..., None]

_LAKE = click.option(
    "--lake", default="lake", show_default=True, help="The lake: a folder or s3://bucket/prefix."
)
_PREFIX = click.option(
    "--database-prefix",
    help="How the names of the lake's Glue databases start, on S3. [default: datalake_]",
)
_GENRES = click.option(
    "--genres",
    default=",".join(DEFAULT_GENRES),
    show_default=True,
    help="IMDb genres in scope, by comma.",
)


def _day(context: click.Context, option: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


DAY = click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    help="Day of the run: ingest writes to it, later steps use Raw up to it. [default: today]",
)
SOURCE = click.option(
    "--source",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with movies.csv and series.csv.",
)
MAX_BAD = click.option(
    "--max-bad-share",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="Fail, and publish nothing, over this share of bad rows in a file.",
)
MEMORY = click.option(
    "--memory", default="4g", show_default=True, help="Heap of the local Spark, such as 4g."
)
LANGUAGE = click.option(
    "--language", type=click.Choice(["en", "pt-BR"]), default="en", show_default=True
)
OUTPUT = click.option(
    "--output",
    type=click.Path(dir_okay=False),
    help="The page's file or s3:// address."
    " [default: index.html in the lake, or Report/index.html in one on S3]",
)
OPEN = click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
_TMDB = (
    click.option("--tmdb-url", default=TMDB_URL, show_default=True, help="Where TMDB answers."),
    click.option(
        "--rate", default=DEFAULT_RATE, show_default=True, help="Requests a second at most."
    ),
    click.option(
        "--threads",
        default=16,
        show_default=True,
        type=click.IntRange(1, 100),
        help="Requests on the way at once.",
    ),
    click.option("--limit", type=click.IntRange(1), help="Titles to ask for at most."),
    click.option("--budget-seconds", type=click.FloatRange(0), help="Stop asking after that long."),
    click.option(
        "--refresh-after",
        default=REFRESH_AFTER.days,
        show_default=True,
        type=click.IntRange(1),
        help="Ask again for answers older than this many days.",
    ),
)


def lake(command: Command) -> Command:
    """--lake and what says how to reach it, handed on as one `Lake`."""

    @wraps(command)
    def with_lake(lake: str, database_prefix: str | None, **given: Any) -> None:
        command(lake=lake_at(lake, database_prefix), **given)

    return _LAKE(_PREFIX(with_lake))


def common(command: Command) -> Command:
    """The lake, --genres and --day."""
    return lake(_GENRES(DAY(command)))


def tmdb(command: Command) -> Command:
    """The options of enrichment, handed on as one dictionary `tmdb`."""
    names = ("tmdb_url", "rate", "threads", "limit", "budget_seconds", "refresh_after")

    @wraps(command)
    def with_tmdb(**given: Any) -> None:
        command(tmdb={name: given.pop(name) for name in names}, **given)

    return reduce(lambda wrapped, option: option(wrapped), reversed(_TMDB), with_tmdb)
