"""`datalake`: one command a step, and `run` for all of them."""

import time
import webbrowser
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime

import click

from datalake import __version__
from datalake.cli import options
from datalake.cli.contract import write_contract
from datalake.cli.demo import DEMOS, demo_source, make_sample, tmdb_server
from datalake.cli.download import download
from datalake.cli.errors import exit_on_error
from datalake.cli.maintenance import maintain, purge, rollback
from datalake.cli.rebuild import rebuild
from datalake.cli.sql import sql
from datalake.cli.status import show_status
from datalake.cli.steps import run_enrich, run_ingest, run_spark_steps
from datalake.core.errors import SettingsError
from datalake.core.lake import Lake
from datalake.core.options import DAY, SAMPLE_FORMAT, TITLES, WITHOUT_TMDB
from datalake.core.settings import Settings, ensure_home
from datalake.pipeline.enrich import tmdb_token

_DEFAULT = click.core.ParameterSource.DEFAULT
_DAY = click.DateTime(["%Y-%m-%d"])


def main() -> None:
    """Run the command line; an error is one line, and 1 (2 for a wrong usage) the exit status."""
    ensure_home()
    with exit_on_error():
        cli.main(standalone_mode=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """A film and series data lake: IMDb files and the TMDB API in, five answers out."""


for command in (
    download,
    make_sample,
    tmdb_server,
    show_status,
    purge,
    maintain,
    rollback,
    sql,
    write_contract,
):
    cli.add_command(command)


@cli.command()
@options.with_step("ingest")
def ingest(settings: Settings) -> None:
    """Put the source files into Raw, as they are."""
    run_ingest(settings)


@cli.command()
@options.with_step("enrich")
def enrich(settings: Settings) -> None:
    """Ask TMDB for the titles in scope and keep its responses in Raw."""
    run_enrich(settings)


@cli.command()
@options.with_step("trusted")
def trusted(settings: Settings) -> None:
    """Clean and type Raw into Trusted tables."""
    run_spark_steps(settings, "trusted")


@cli.command()
@options.with_step("refined")
def refined(settings: Settings) -> None:
    """Build the star schema in Refined from Trusted."""
    run_spark_steps(settings, "refined")


@cli.command()
@options.with_step("answers")
def answers(settings: Settings) -> None:
    """Answer the questions from Refined."""
    run_spark_steps(settings, "answers")


@cli.command()
@options.with_step("report")
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
def report(settings: Settings, open_page: bool) -> None:
    """Write the answers as one self-contained page."""
    run_spark_steps(settings, "report")
    if open_page:
        from datalake.pipeline.page_file import page_address

        if not webbrowser.open(page_address(settings.lake, settings.output)):
            click.echo("  no browser found here; open the page above in one", err=True)


@cli.command()
@options.with_step("run")
@options.with_option(WITHOUT_TMDB)
@options.with_option(TITLES)
@click.option(
    "--from",
    "first_day",
    type=_DAY,
    metavar=DAY.metavar,
    help="Build loads anew from Raw, from this day on.",
)
@click.option(
    "--to",
    "last_day",
    type=_DAY,
    metavar=DAY.metavar,
    help="The last day of those.  [default: the newest]",
)
def run(
    settings: Settings,
    without_tmdb: bool,
    titles: int,
    first_day: datetime | None,
    last_day: datetime | None,
) -> None:
    """Do it all: ingest, enrich, trusted, refined, answers, report.

    Without --source, on a made-up sample of that --format and a local TMDB, in the folder demo: no
    account and no key are needed, and nothing made up gets among your own. With --from, loads are
    rebuilt from Raw: nothing is ingested, and TMDB is not asked.
    """
    started = time.monotonic()
    if first_day or last_day:
        _rebuild(settings, first_day, last_day)
        click.echo(f"run: {time.monotonic() - started:.1f} s", err=True)
        return
    lake_is_chosen = click.get_current_context().get_parameter_source("lake") is not _DEFAULT
    with ExitStack() as stack:
        if settings.source is None:
            demo = DEMOS[SAMPLE_FORMAT.parse(settings.format or "")]
            lake = settings.lake if lake_is_chosen else Lake(demo.lake)
            settings = replace(settings, lake=lake)
            settings = stack.enter_context(demo_source(settings, demo, titles))
        if not without_tmdb:
            tmdb_token(settings)
        run_ingest(settings)
        if not without_tmdb and not run_enrich(settings):
            raise click.Abort
    run_spark_steps(settings, "trusted", "refined", "answers", "report")
    command = f"datalake sql --lake {settings.lake.root}"
    ask = " in Athena" if settings.lake.on_s3 else f": {command}"
    click.echo(
        f"run: {time.monotonic() - started:.1f} s; open the page above, or ask the lake{ask}",
        err=True,
    )


def _rebuild(settings: Settings, first_day: datetime | None, last_day: datetime | None) -> None:
    if first_day is None:
        raise SettingsError("--to needs --from, the first day of the loads to build anew")
    if settings.source is not None:
        raise SettingsError("--from builds from what Raw has: leave --source out")
    rebuild(settings, first_day.date(), last_day.date() if last_day else date.max)
