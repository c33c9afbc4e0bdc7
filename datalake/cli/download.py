"""`datalake download`: IMDb's datasets, which anyone may download."""

from pathlib import Path

import click

from datalake.cli import options
from datalake.cli.steps import steps
from datalake.core.options import IMDB_URL
from datalake.sources.imdb_datasets.download import ATTRIBUTION, download_datasets


@click.command("download")
@click.argument("what", type=click.Choice(["imdb"]))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("imdb"),
    show_default=True,
    help="The folder to keep them in.",
)
@options.with_option(IMDB_URL)
def download(what: str, out: Path, imdb_url: str) -> None:
    """Download IMDb's official datasets, or what changed of them since the last time.

    1.4 GB in six files. A download that is cut or stopped goes on the next time.
    """
    with steps.step(f"download {what}"):
        for file in download_datasets(out, imdb_url, steps.progress):
            state = "new" if file.new else "unchanged"
            steps.tell(f"  {state}: {file.path}{f', made {file.made}' if file.made else ''}")
    steps.tell(ATTRIBUTION)
    steps.tell(f"next: datalake run --source {out} --lake ./lake")
