"""The steps that need Spark, in one session; imported only when one of them runs."""

from collections.abc import Sequence
from pathlib import Path

import click
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from datalake.base.errors import LakeError
from datalake.base.settings import Settings
from datalake.cli.show import Steps
from datalake.pipeline.answers import build_answers
from datalake.pipeline.refined import build_refined
from datalake.pipeline.report import write_report
from datalake.pipeline.trusted import build_trusted
from datalake.spark.session import session
from datalake.spark.tables import Tables


def build(
    settings: Settings, steps: Steps, output: Path | None, language: str, names: Sequence[str]
) -> None:
    """Run the named steps, in their order."""
    with steps.step("start Spark"):
        spark = session(settings, steps.progress)
    try:
        tables = Tables(spark, settings.lake, steps.progress)
        for name in names:
            with steps.step(name):
                _step(name, tables, settings, output, language)
    except (PySparkException, Py4JError) as error:
        raise LakeError(f"{settings.lake.root}: Spark failed: {_first_line(error)}") from error
    finally:
        spark.stop()


def _step(
    name: str, tables: Tables, settings: Settings, output: Path | None, language: str
) -> None:
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
            target = output or default_output(settings)
            write_report(tables, target, language)
            click.echo(target.absolute().as_uri())


def default_output(settings: Settings) -> Path:
    """Where the page goes unless told: into the lake, or here if the lake is on S3."""
    root = settings.lake.root
    return Path("index.html") if "://" in root else Path(root) / "index.html"


def _first_line(error: Exception) -> str:
    """What Spark says went wrong; a Java error's cause stands in its second line."""
    lines = str(error).strip().splitlines()
    return lines[1].lstrip(": ") if isinstance(error, Py4JError) and len(lines) > 1 else lines[0]
