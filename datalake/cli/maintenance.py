"""Maintenance commands: expire and roll back tables' snapshots, purge TMDB's responses."""

from datetime import timedelta

import click

from datalake.cli import options
from datalake.cli.steps import steps
from datalake.core.lake import Lake
from datalake.core.leftovers import delete_unfinished
from datalake.core.options import MEMORY
from datalake.core.settings import load_settings
from datalake.enrichment.due import KEEP
from datalake.enrichment.retention import purge as purge_responses
from datalake.pipeline.source_retention import purge_source_files
from datalake.sources.registry import all_files
from datalake.sources.source_file import files_without_manifest


@click.command()
@options.with_existing_lake
@options.with_option(MEMORY)
@click.option(
    "--keep-days",
    type=click.IntRange(0),
    default=30,
    show_default=True,
    help="Delete snapshots older than this many days; the last --keep of a table stay.",
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Snapshots of a table to keep, however old.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be deleted, and delete nothing.")
def maintain(lake: Lake, memory: str, keep_days: int, keep: int, dry_run: bool) -> None:
    """Delete the tables' old snapshots, files that no snapshot has, and TMDB's oldest figures."""
    from datalake.spark import maintenance
    from datalake.spark.loads import LOADS_KEPT, forget_tmdb
    from datalake.spark.opening import open_tables

    deleted = "would be deleted" if dry_run else "deleted"
    settings, starting = load_settings(lake, memory=memory), steps.step("start Spark")
    with open_tables(settings, "maintain", steps.progress, starting) as tables:
        if forget_tmdb(tables, dry_run=dry_run):
            click.echo(
                f"Refined.fact_title: TMDB's figures of loads older than {LOADS_KEPT.days} days"
                f" {'would be ' if dry_run else ''}removed, as its terms ask; IMDb's stay"
            )
        for table, snapshots, orphans in maintenance.maintain(tables, keep_days, keep, dry_run):
            for key in orphans:
                click.echo(key)
            if snapshots or orphans:
                counts = f"{snapshots} snapshots, {len(orphans)} orphaned files {deleted}"
                click.echo(f"{table.layer}.{table.name}: {counts}")
        for key in delete_unfinished(lake, maintenance.ORPHANS_AFTER, dry_run):
            click.echo(f"{key}: half written, {deleted}")
    for key in (key for spec in all_files() for key in files_without_manifest(lake, spec)):
        click.echo(f"{key}: has no manifest, so no step reads it; ingest it again, or delete it")


@click.command()
@options.with_existing_lake
@options.with_option(MEMORY)
@click.option("--table", required=True, help="Such as Refined.dim_title.")
@click.option("--snapshot", type=int, required=True, help="One of `datalake status --json`.")
def rollback(lake: Lake, memory: str, table: str, snapshot: int) -> None:
    """Set a table back to an earlier snapshot."""
    from datalake.spark.maintenance import roll_back
    from datalake.spark.opening import open_tables

    settings, starting = load_settings(lake, memory=memory), steps.step("start Spark")
    with open_tables(settings, "rollback", steps.progress, starting) as tables:
        roll_back(tables, table, snapshot)
        click.echo(f"{table} is at {snapshot}")


@click.command()
@options.with_existing_lake
@click.option(
    "--keep-days",
    default=KEEP.days,
    show_default=True,
    type=click.IntRange(1, KEEP.days),
    help="Remove TMDB's responses older than this many days.",
)
@click.option(
    "--keep-source-days",
    type=click.IntRange(1),
    help="Remove source files older than this many days, too. [default: keep them all]",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be removed, and remove nothing.")
def purge(lake: Lake, keep_days: int, keep_source_days: int | None, dry_run: bool) -> None:
    """Remove TMDB's responses that are too old to keep; their titles become due.

    With --keep-source-days also old source files, but never the newest of a kind, nor one that a
    snapshot of a Trusted table was built of.
    """
    purged = purge_responses(lake, timedelta(days=keep_days), dry_run=dry_run)
    for key in purged.files:
        click.echo(key)
    removed = "would be removed" if dry_run else "removed"
    again = "would be" if dry_run else "are"
    click.echo(
        f"{len(purged.files):,} files with {purged.responses:,} responses {removed};"
        f" {purged.due_again:,} titles {again} due again by that",
        err=True,
    )
    if keep_source_days:
        files = purge_source_files(lake, timedelta(days=keep_source_days), dry_run=dry_run)
        for file in files:
            click.echo(file.key)
        size = sum(file.contents.size for file in files)
        click.echo(f"{len(files):,} source files of {size:,} bytes {removed}", err=True)
