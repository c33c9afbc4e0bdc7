"""The steps that need Spark, in one session; imported only when one of them runs."""

from collections.abc import Sequence

import click

from datalake.base.lease import leased
from datalake.base.settings import Settings
from datalake.cli.show import Steps
from datalake.pipeline.answers import build_answers
from datalake.pipeline.refined import build_refined
from datalake.pipeline.report import write_report
from datalake.pipeline.trusted import build_trusted
from datalake.spark.errors import clear_errors
from datalake.spark.session import session, stop
from datalake.spark.tables import LEASE, Tables


def build(
    settings: Settings, steps: Steps, output: str | None, language: str, names: Sequence[str]
) -> None:
    """Run the named steps, in their order."""
    with leased(settings.lake.storage, LEASE, ", ".join(names)) as lease:
        with steps.step("start Spark"):
            spark = session(settings, steps.progress)
        try:
            with clear_errors(settings.lake):
                tables = Tables(spark, settings.lake, steps.progress, lease)
                for name in names:
                    with steps.step(name):
                        _step(name, tables, settings, output, language)
        finally:
            stop(spark)


def _step(name: str, tables: Tables, settings: Settings, output: str | None, language: str) -> None:
    match name:
        case "trusted":
            for count in build_trusted(tables, settings):
                click.echo(
                    f"  {count.snapshot.kind.file}: {count.snapshot.rows:,} rows ="
                    f" {count.trusted:,} trusted + {count.duplicates:,} exact duplicates"
                    f" + {count.quarantined:,} quarantined",
                    err=True,
                )
        case "refined":
            build_refined(tables, settings)
        case "answers":
            build_answers(tables)
        case "report":
            click.echo(write_report(tables, output, language))
