"""`datalake`: one command a step, and `run` for all of them."""

import sys
import webbrowser
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import click

from datalake import __version__
from datalake.cli import options
from datalake.cli.demo import LAKE as DEMO_LAKE
from datalake.cli.demo import RATE, demo, sample, tmdb_server
from datalake.cli.maintenance import maintain, rollback
from datalake.cli.progress import Steps
from datalake.cli.retention import purge
from datalake.cli.sql import sql
from datalake.cli.status import status
from datalake.core.errors import DatalakeError, SettingsError
from datalake.core.lake import Lake
from datalake.core.settings import Settings, load_settings
from datalake.pipeline.enrich import enrich_lake
from datalake.sources.ingestion import ingest as ingest_files
from datalake.sources.registry import file_names

steps = Steps()
_DEFAULT = click.core.ParameterSource.DEFAULT


def main() -> None:
    """Run the command line; an error of ours is one line and exit status 1."""
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("datalake: interrupted; what is published stays as it was", err=True)
        sys.exit(130)
    except DatalakeError as error:
        click.echo(f"datalake: {error}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """A film and series data lake: IMDb files and the TMDB API in, four answers out."""


cli.add_command(sample)
cli.add_command(tmdb_server)
cli.add_command(status)
cli.add_command(purge)
cli.add_command(maintain)
cli.add_command(rollback)
cli.add_command(sql)


def _ingest(given: Settings, source: Path | None) -> None:
    if source is None:
        raise SettingsError(f"ingest: name --source DIR, the folder with {file_names()}")
    with steps.step("ingest"):
        for found in ingest_files(given.lake, source, given.day, steps.progress):
            what = "new snapshot" if found.new else "nothing new: Raw has these bytes as"
            click.echo(f"  {what} {found.file.id}, {found.file.rows:,} rows", err=True)


def _enrich(given: Settings, tmdb: dict[str, Any]) -> bool:
    """Whether it went to its end."""
    terms = {name: value for name, value in tmdb.items() if name not in ("tmdb_url", "rate")}
    with steps.step("enrich"):
        return enrich_lake(given, terms, tmdb["rate"], steps.progress)


def _build(given: Settings, output: str | None, language: str, *names: str) -> None:
    """Run the named Spark steps in one session."""
    from datalake.cli.spark_steps import build

    build(given, steps, output, language, names)


@cli.command()
@options.common
@options.SOURCE
def ingest(lake: Lake, genres: str, day: date | None, source: Path | None) -> None:
    """Put movies.csv and series.csv into Raw, as they are."""
    _ingest(load_settings(lake, genres, day), source)


@cli.command()
@options.common
@options.tmdb
def enrich(lake: Lake, genres: str, day: date | None, tmdb: dict[str, Any]) -> None:
    """Ask TMDB for the titles in scope and keep its answers in Raw."""
    _enrich(load_settings(lake, genres, day, tmdb_url=tmdb["tmdb_url"]), tmdb)


@cli.command()
@options.common
@options.MAX_BAD
@options.MEMORY
def trusted(lake: Lake, genres: str, day: date | None, max_bad_share: float, memory: str) -> None:
    """Clean and type Raw into Trusted tables."""
    given = load_settings(lake, genres, day, max_bad_share=max_bad_share, memory=memory)
    _build(given, None, "en", "trusted")


@cli.command()
@options.common
@options.MEMORY
def refined(lake: Lake, genres: str, day: date | None, memory: str) -> None:
    """Build the star schema in Refined from Trusted."""
    _build(load_settings(lake, genres, day, memory=memory), None, "en", "refined")


@cli.command()
@options.common
@options.MEMORY
def answers(lake: Lake, genres: str, day: date | None, memory: str) -> None:
    """Answer the four questions from Refined."""
    _build(load_settings(lake, genres, day, memory=memory), None, "en", "answers")


@cli.command()
@options.common
@options.MEMORY
@options.OUTPUT
@options.LANGUAGE
@options.OPEN
def report(open_page: bool, output: str | None, language: str, **given: Any) -> None:
    """Write the answers as one self-contained page."""
    from datalake.pipeline.report import address

    chosen = load_settings(**given)
    _build(chosen, output, language, "report")
    if open_page and not webbrowser.open(address(chosen.lake, output)):
        click.echo("  no browser found here; open the page above in one", err=True)


@cli.command()
@options.common
@options.SOURCE
@options.tmdb
@options.MAX_BAD
@options.MEMORY
@options.OUTPUT
@options.LANGUAGE
@click.option("--titles", default=3_000, show_default=True, help="Size of the made-up sample.")
def run(**given: Any) -> None:
    """Do it all: ingest, enrich, trusted, refined, answers, report.

    Without --source, on a made-up sample and a local TMDB, in the folder demo: no account and no
    key are needed, and nothing made up gets among your own.
    """
    lake_is_chosen = click.get_current_context().get_parameter_source("lake") is not _DEFAULT
    if given["source"] is None and not lake_is_chosen:
        given["lake"] = Lake(DEMO_LAKE)
    source, tmdb, titles = given.pop("source"), given.pop("tmdb"), given.pop("titles")
    output, language = given.pop("output"), given.pop("language")
    chosen = load_settings(**given, tmdb_url=tmdb["tmdb_url"])
    with ExitStack() as stack:
        if source is None:
            source, chosen = stack.enter_context(demo(chosen, titles))
            tmdb |= {"rate": RATE}
        _ingest(chosen, source)
        if not _enrich(chosen, tmdb):
            raise click.Abort
    _build(chosen, output, language, "trusted", "refined", "answers", "report")
