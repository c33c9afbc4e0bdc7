"""`datalake purge`: TMDB's terms allow keeping its data for six months."""

from datetime import timedelta

import click

from datalake.cli import options
from datalake.core.lake import Lake
from datalake.enrichment.due import KEEP
from datalake.enrichment.retention import purge as purge_responses


@click.command()
@options.lake
@click.option(
    "--keep-days",
    default=KEEP.days,
    show_default=True,
    type=click.IntRange(1, KEEP.days),
    help="Remove TMDB's responses older than this many days.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be removed, and remove nothing.")
def purge(lake: Lake, keep_days: int, dry_run: bool) -> None:
    """Remove TMDB's responses that are too old to keep; their titles become due."""
    told = purge_responses(lake, timedelta(days=keep_days), dry_run=dry_run)
    for key in told.files:
        click.echo(key)
    removed = "would be removed" if dry_run else "removed"
    again = "would be" if dry_run else "are"
    click.echo(
        f"{len(told.files):,} files with {told.responses:,} responses {removed};"
        f" {told.due_again:,} titles {again} due again by that",
        err=True,
    )
