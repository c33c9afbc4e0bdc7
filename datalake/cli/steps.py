"""The steps as a person runs them: each with its progress, its time and its figures."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from threading import Thread

import click

from datalake.cli.progress import StepProgress
from datalake.core.errors import SettingsError
from datalake.core.lake import require_lake
from datalake.core.settings import Settings
from datalake.enrichment.summary import Summary
from datalake.pipeline.enrich import enrich_lake
from datalake.pipeline.page_file import page_address, page_headlines
from datalake.pipeline.up_to_date import describe_inputs, is_up_to_date
from datalake.sources.ingestion import ingest
from datalake.sources.registry import file_names
from datalake.sources.source_file import newest_source_file
from datalake.sources.source_folder import local_folder
from datalake.sources.source_of_lake import source_of_lake

_FINISHING = b"  finishing what is on the way; a second signal ends at once\n"
steps = StepProgress()


def run_ingest(settings: Settings) -> None:
    """Put the source's files into Raw."""
    if settings.source is None:
        raise SettingsError(f"ingest: name --source DIR, the folder with {file_names()}")
    aws = settings.lake.aws
    with steps.step("ingest"), local_folder(settings.source, aws, steps.progress) as folder:
        files = ingest(
            settings.lake,
            folder,
            settings.day,
            steps.progress,
            settings.format,
            _tell_indented,
            settings.force,
        )
        for ingested in files:
            state = "new file" if ingested.new else "nothing new: Raw has it as"
            steps.tell(f"  {state} {ingested.file.id}, {ingested.file.rows:,} rows")


def _tell_indented(*lines: str) -> None:
    for line in lines:
        steps.tell(f"  {line}")


def run_enrich(settings: Settings) -> bool:
    """Ask TMDB for what is due; false where a signal ended it, in good order."""
    with steps.step("enrich"):
        result = enrich_lake(settings, steps.progress, _print_signal)
        if result.summary:
            steps.tell(f"  {describe_summary(result.summary)}")
        else:
            steps.tell("  stopped before any title was asked for")
    return not result.interrupted


def run_spark_steps(settings: Settings, *names: str) -> None:
    """Run those of the named steps that are not up to date.

    Spark starts for the first that runs, once the first step's input is there.
    """
    if names[0] == "trusted":
        for spec in source_of_lake(settings.lake, settings.day).files:
            newest_source_file(settings.lake, spec, settings.day)
    else:
        require_lake(settings.lake)
    with ExitStack() as stack:
        run_step = None
        for name in names:
            if not settings.force and is_up_to_date(name, settings):
                steps.tell(f"{name}: up to date, {describe_inputs(name, settings)}")
                if name == "report":
                    _tell_indented(*page_headlines(settings))
                continue
            if name == "report":
                _run_report(settings)
                continue
            if run_step is None:
                Thread(target=_load_ahead, args=(names,), daemon=True).start()
                from datalake.cli.spark_steps import step_runner

                run_step = stack.enter_context(step_runner(settings, steps, ", ".join(names)))
            with steps.step(name):
                run_step(name, settings)
    if "report" in names:
        click.echo(page_address(settings.lake, settings.output))


def _load_ahead(names: Sequence[str]) -> None:
    """Load what the last steps need, seconds of work, while Python waits for Spark."""
    if "answers" in names:
        import_module("datalake.pipeline.answers")
        import_module("datalake.sql.lake_query")
    if "report" in names:
        import_module("datalake.pipeline.report")
        import_module("datalake.report.page").chart_library()


def _run_report(settings: Settings) -> None:
    """Write the page, without Spark."""
    from datalake.pipeline.report import write_report
    from datalake.sql.lake_query import lake_query

    with steps.step("report"), lake_query(settings.lake) as query:
        report = write_report(query, settings)
    _tell_indented(*report.headlines)


def describe_summary(summary: Summary) -> str:
    """What an enrichment did, in a line or two."""
    reasons = "".join(f"; {reason}: {count:,}" for reason, count in summary.failed.items())
    changes = ""
    if summary.changes_failed:
        changes = f"\n  change lists not read ({summary.changes_failed}): the next run reads them"
    return (
        f"{summary.due:,} due: {summary.found:,} found, {summary.not_found:,} not on TMDB,"
        f" {summary.other_kind:,} of the other kind, {sum(summary.failed.values()):,} failed,"
        f" {summary.left:,} left; {summary.requests:,} requests, {summary.rate:.1f} a second,"
        f" {summary.too_many:,} × 429{reasons}{changes}"
    )


def _print_signal() -> None:
    os.write(2, _FINISHING)  # safe in a signal's handler, as buffered output is not
