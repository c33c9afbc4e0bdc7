"""The steps that need Spark, in one session; imported only when one of them runs."""

from collections.abc import Sequence

import click

from datalake.cli.progress import Steps
from datalake.core.settings import Settings
from datalake.pipeline.answers import build_answers
from datalake.pipeline.refined import build_refined
from datalake.pipeline.report import write_report
from datalake.pipeline.trusted import build_trusted
from datalake.spark.tables import Tables, open_tables, read_tables


def build(
    settings: Settings, steps: Steps, output: str | None, language: str, names: Sequence[str]
) -> None:
    """Run the named steps, in their order."""
    starting = steps.step("start Spark")
    if tuple(names) == ("report",):
        opened = read_tables(settings, steps.progress, starting)
    else:
        opened = open_tables(settings, ", ".join(names), steps.progress, starting)
    with opened as tables:
        for name in names:
            with steps.step(name):
                _step(name, tables, settings, output, language)


def _step(name: str, tables: Tables, settings: Settings, output: str | None, language: str) -> None:
    match name:
        case "trusted":
            for account in build_trusted(tables, settings):
                click.echo(
                    f"  {account.file.spec.name}: {account.file.rows:,} rows ="
                    f" {account.trusted:,} trusted + {account.duplicates:,} exact duplicates"
                    f" + {account.quarantined:,} quarantined",
                    err=True,
                )
        case "refined":
            build_refined(tables, settings)
        case "answers":
            build_answers(tables)
        case "report":
            click.echo(write_report(tables, output, language))
