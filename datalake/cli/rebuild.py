"""Loads of days that Raw has, built again: `datalake run --from DAY --to DAY`."""

from dataclasses import replace
from datetime import date

from datalake.cli.steps import run_spark_steps, steps
from datalake.core.errors import LakeError
from datalake.core.lake import require_lake
from datalake.core.settings import Settings
from datalake.sources.source_file import newest_source_file, source_files
from datalake.sources.source_of_lake import source_of_lake
from datalake.sources.tmdb.raw import response_days


def rebuild(settings: Settings, first: date, last: date) -> None:
    """Build Trusted and Refined of each day that is new in Raw, then the answers and the page.

    Days without a new file or response are left out: their load would be that of the day before.
    What is newer than `last` is built at the end, so that the lake ends as new as Raw is.
    """
    from datalake.cli.spark_steps import step_runner

    require_lake(settings.lake)
    days = days_of_raw(settings)
    chosen = [day for day in days if first <= day <= last]
    if not chosen:
        raise LakeError(f"{settings.lake.storage.url('')}: Raw has nothing of {first} to {last}")
    with step_runner(settings, steps, "run") as run_step:
        for number, day in enumerate(dict.fromkeys([*chosen, days[-1]]), start=1):
            steps.tell(f"load {number}: {day}")
            for name in ("trusted", "refined"):
                with steps.step(name):
                    run_step(name, replace(settings, day=day))
        with steps.step("answers"):
            run_step("answers", settings)
    run_spark_steps(settings, "report")


def days_of_raw(settings: Settings) -> list[date]:
    """The days on which Raw got a source file or a response, once it had the source's files."""
    lake = settings.lake
    specs = source_of_lake(lake).files
    days_by_file = [[file.day for file in source_files(lake, spec)] for spec in specs]
    for spec in specs:
        newest_source_file(lake, spec)  # says what is missing
    first_complete_day = max(min(days) for days in days_by_file)
    days = {day for file_days in days_by_file for day in file_days} | response_days(lake)
    return sorted(day for day in days if day >= first_complete_day)
