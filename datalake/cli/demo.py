"""The demo that `datalake run` uses by default: a made-up sample, and a local TMDB for it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click

from datalake.cli import options
from datalake.core.errors import SettingsError
from datalake.core.options import SAMPLE_FORMAT, TITLES
from datalake.core.settings import Settings
from datalake.demo.faults import Faults
from datalake.demo.kept_sample import keep_sample
from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE, write_sample
from datalake.demo.server import TmdbServer

TOKEN = "demo"  # noqa: S105 - the local server's, worth nothing anywhere else
RATE = 400.0


class Demo(NamedTuple):
    """Where the made-up sample of a format lies, and the lake that is built of it."""

    source_format: str
    folder: Path
    lake: str


DEMOS = {
    "imdb-csv": Demo("imdb-csv", Path("demo/sample"), "demo/lake"),
    "imdb-datasets": Demo(
        "imdb-datasets", Path("demo/imdb-datasets/sample"), "demo/imdb-datasets/lake"
    ),
}


@contextmanager
def demo_source(settings: Settings, demo: Demo, titles: int) -> Iterator[Settings]:
    """The settings with a made-up source, and a local TMDB as long as the block runs."""
    keep_sample(demo.folder, titles, demo.source_format)
    click.echo(f"made-up sample of {titles:,} titles in {demo.folder}/", err=True)
    with TmdbServer(load_bodies([demo.folder / BODIES_FILE]), TOKEN) as server:
        tmdb = replace(settings, tmdb_url=server.url, tmdb_token=TOKEN, tmdb_api_key=None)
        yield replace(tmdb, source=demo.folder, rate=RATE)


@click.command("sample")
@options.with_option(TITLES)
@options.with_option(SAMPLE_FORMAT)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write to.")
@click.option("--seed", default=7, show_default=True, help="Another seed, other titles.")
@click.option("--history", is_flag=True, help="IMDb's files of a month before, too.")
def make_sample(titles: int, format: str, out: Path | None, seed: int, history: bool) -> None:
    """Make up IMDb's files and TMDB's responses on them."""
    folder = out or DEMOS[format].folder
    sample = write_sample(folder, titles, seed, source_format=format, history=history)
    for file, rows in sample.rows.items():
        click.echo(f"{sample.folder / file}: {rows:,} rows")
    click.echo(f"{sample.folder / BODIES_FILE}: {sample.bodies:,} TMDB responses")


@click.command("tmdb-server")
@click.option("--sample", "folder", type=click.Path(path_type=Path), help="A sample's folder.")
@click.option("--replay", type=click.Path(path_type=Path), multiple=True, help="Kept responses.")
@click.option("--port", default=8080, show_default=True, help="0: any free port.")
@click.option("--token", default=TOKEN, show_default=True, help="The token it asks for.")
@click.option("--latency", default=0.0, show_default=True, help="Seconds a response takes.")
@click.option("--rate-limit", type=float, help="Requests a second before it answers 429.")
@click.option("--faults", default="", help="Shares of faults, such as 500=0.02,reset=0.01.")
def tmdb_server(
    folder: Path | None,
    replay: tuple[Path, ...],
    port: int,
    token: str,
    latency: float,
    rate_limit: float | None,
    faults: str,
) -> None:
    """Serve TMDB's endpoints on this machine, from a sample or kept responses."""
    paths = [*replay, *([folder / BODIES_FILE] if folder else [])]
    if not paths:
        raise SettingsError("tmdb-server: name --sample DIR or --replay FILE")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    server = TmdbServer(load_bodies(paths), token, port, latency, rate_limit, Faults.parse(faults))
    click.echo(f"TMDB at {server.url}; stop it with Ctrl-C", err=True)
    server.serve_forever()
