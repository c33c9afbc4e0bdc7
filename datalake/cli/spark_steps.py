"""The steps that need Spark, in one session; imported only when one of them runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from datalake.cli.progress import StepProgress
from datalake.core.settings import Settings
from datalake.pipeline.answers import build_answers
from datalake.pipeline.refined import build_refined
from datalake.pipeline.report import write_report
from datalake.pipeline.trusted import build_trusted
from datalake.spark.opening import open_tables, read_tables
from datalake.spark.tables import Tables


@contextmanager
def step_runner(
    settings: Settings, steps: StepProgress, work: str
) -> Iterator[Callable[[str], None]]:
    """A function that runs a step by its name, in one session for the block."""
    starting = steps.step("start Spark")
    if work == "report":
        opened = read_tables(settings, steps.progress, starting)
    else:
        opened = open_tables(settings, work, steps.progress, starting)
    with opened as tables:
        yield lambda name: _STEPS[name](tables, settings, steps)


def _run_trusted(tables: Tables, settings: Settings, steps: StepProgress) -> None:
    accounts = build_trusted(tables, settings)
    for account in accounts.files:
        others = "".join(
            f" + {rows:,} {name.removesuffix('_rows')}" for name, rows in account.other.items()
        )
        steps.tell(
            f"  {account.file.spec.name}: {account.file.rows:,} rows ="
            f" {account.trusted:,} trusted + {account.duplicates:,} exact duplicates"
            f" + {account.quarantined:,} quarantined{others}"
        )
    for responses in accounts.responses:
        steps.tell(f"  TMDB: {responses.text}")


def _run_refined(tables: Tables, settings: Settings, _: StepProgress) -> None:
    build_refined(tables, settings)


def _run_answers(tables: Tables, settings: Settings, _: StepProgress) -> None:
    build_answers(tables, settings)


def _run_report(tables: Tables, settings: Settings, _: StepProgress) -> None:
    write_report(tables, settings)


_STEPS: dict[str, Callable[[Tables, Settings, StepProgress], None]] = {
    "trusted": _run_trusted,
    "refined": _run_refined,
    "answers": _run_answers,
    "report": _run_report,
}
