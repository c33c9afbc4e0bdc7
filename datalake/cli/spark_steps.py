"""The steps that need Spark, in one session; imported only when one of them runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from datalake.cli.progress import StepProgress
from datalake.core.errors import LakeError
from datalake.core.settings import Settings
from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.pipeline.up_to_date import describe_files
from datalake.sources.source_file import newest_source_file
from datalake.sources.source_of_lake import source_of_lake
from datalake.spark.opening import open_tables
from datalake.spark.tables import Tables

_FEW_ROWS = 100_000


@contextmanager
def step_runner(
    settings: Settings, steps: StepProgress, work: str
) -> Iterator[Callable[[str, Settings], None]]:
    """A function that runs a step by its name and settings, in one session for the block."""
    starting = steps.step("start Spark")
    few_rows = _has_few_rows(settings)
    with open_tables(settings, work, steps.progress, starting, few_rows) as tables:
        yield lambda name, step_settings: _STEPS[name](tables, step_settings, steps)


def _has_few_rows(settings: Settings) -> bool:
    """Whether the source's newest files have so few rows that compiling takes longer."""
    try:
        specs = source_of_lake(settings.lake, settings.day).files
        files = [newest_source_file(settings.lake, spec, settings.day) for spec in specs]
    except LakeError:
        return False  # a later step needs no source
    return sum(file.rows for file in files) <= _FEW_ROWS


def _run_trusted(tables: Tables, settings: Settings, steps: StepProgress) -> None:
    accounts = build_trusted(tables, settings)
    if not accounts.files:
        steps.tell(f"  {describe_files(settings)}: nothing new, only responses are read")
    for account in accounts.files:
        steps.tell(f"  {account.text}")
    for responses in accounts.responses:
        steps.tell(f"  TMDB: {responses.text}")


def _run_refined(tables: Tables, settings: Settings, _: StepProgress) -> None:
    build_refined(tables, settings)


def _run_answers(tables: Tables, settings: Settings, _: StepProgress) -> None:
    from datalake.pipeline.answers import build_answers  # SciPy and DuckDB: see `load_ahead`
    from datalake.sql.lake_query import lake_query

    with lake_query(settings.lake) as query:
        build_answers(tables, settings, query)


_STEPS: dict[str, Callable[[Tables, Settings, StepProgress], None]] = {
    "trusted": _run_trusted,
    "refined": _run_refined,
    "answers": _run_answers,
}
