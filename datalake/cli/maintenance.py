"""Upkeep as commands: old snapshots go, and a table can be set back to one that is left."""

import click

from datalake.cli import options
from datalake.core.lake import Lake
from datalake.core.settings import load_settings


@click.command()
@options.lake
@options.MEMORY
@click.option("--keep-days", type=click.IntRange(0), default=30, show_default=True)
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Snapshots of a table to keep, however old.",
)
def maintain(lake: Lake, memory: str, keep_days: int, keep: int) -> None:
    """Delete the tables' old snapshots, and files that no snapshot has."""
    from datalake.spark import maintenance
    from datalake.spark.tables import open_tables

    with open_tables(load_settings(lake, memory=memory), "maintain") as tables:
        for table, snapshots, orphans in maintenance.maintain(tables, keep_days, keep):
            if snapshots or orphans:
                told = f"{snapshots} snapshots, {orphans} orphaned files deleted"
                click.echo(f"{table.layer}.{table.name}: {told}")


@click.command()
@options.lake
@options.MEMORY
@click.option("--table", required=True, help="Such as Refined.dim_title.")
@click.option("--snapshot", type=int, required=True, help="One of `datalake status --json`.")
def rollback(lake: Lake, memory: str, table: str, snapshot: int) -> None:
    """Set a table back to an earlier snapshot."""
    from datalake.spark.maintenance import roll_back
    from datalake.spark.tables import open_tables

    with open_tables(load_settings(lake, memory=memory), "rollback") as tables:
        roll_back(tables, table, snapshot)
        click.echo(f"{table} is at {snapshot}")
