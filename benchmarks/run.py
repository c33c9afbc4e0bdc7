"""Measure each step on full-size input, beside DuckDB and plain Spark writing the same tables.

python benchmarks/run.py [--source DIR] [--runs N]

Each step is a process of its own, the runs follow one another in the same order, and nothing
is written but to a temporary folder, which is removed.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from input import source_files
from process_measure import Measure, measure_process

from datalake.core.lake import Lake
from datalake.pipeline.status import read_status

_HERE = Path(__file__).parent
BUILD = "trusted + refined"
_BASELINES = {
    "plain Spark, the same tables": "spark_baseline.py",
    "DuckDB, the same tables": "duckdb_baseline.py",
}
Run = dict[str, Measure]


def main() -> None:
    """Run all and print two tables: the steps', and the lake's files'."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, help="folder with movies.csv and series.csv")
    parser.add_argument("--runs", type=int, default=1, help="how often (default 1)")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="datalake-bench-") as temporary:
        work = Path(temporary)
        files, description = source_files(options.source, work / "source")
        sizes = ", ".join(
            f"{path.name} {path.stat().st_size / 1e6:.0f} MB"
            for path in sorted(files.glob("*.csv"))
        )
        print(f"input: {description}: {sizes}")
        print(f"machine: {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
        measure_process(step("jars", work), work / "log")
        runs = [_run(files, work / f"run{number}", work / "log") for number in range(options.runs)]
        print_steps(runs, _BASELINES)
        print_tables(read_status(Lake(str(work / f"run{options.runs - 1}" / "lake")))["tables"])


def _run(files: Path, work: Path, log: Path) -> Run:
    load = " ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"load before the run, 1, 5, 15 minutes: {load}", flush=True)
    lake = work / "lake"
    work.mkdir(parents=True)
    commands: dict[str, Sequence[str | Path]] = {
        "ingest": step("ingest", lake, files),
        "ids in scope, movies.csv": step("ids", lake),
        BUILD: step("build", lake),
    } | {
        name: [sys.executable, _HERE / script, files, work / script]
        for name, script in _BASELINES.items()
    }
    run = {name: measure_process(command, log) for name, command in commands.items()}
    for name in _BASELINES:
        check_rows(lake, name, json.loads(run[name].output.splitlines()[-1]))
    return run


def step(name: str, *arguments: Path) -> Sequence[str | Path]:
    """The command of a step of `steps.py`."""
    return [sys.executable, _HERE / "steps.py", name, *arguments]


def check_rows(lake: Path, name: str, baseline: dict[str, int]) -> None:
    """All must have done the same work: equal rows in each table both write."""
    tables = read_status(Lake(str(lake)))["tables"]
    rows_of_lake = {str(table["table"]): table["rows"] for table in tables}
    if unequal := [name for name, rows in baseline.items() if rows_of_lake.get(name) != rows]:
        differences = ", ".join(
            f"{name}: {rows_of_lake.get(name)} and {baseline[name]}" for name in unequal
        )
        sys.exit(f"rows differ between datalake and {name}: {differences}")


def print_steps(runs: Sequence[Run], baselines: Iterable[str]) -> None:
    """Print time and memory of each step, and our time over that of each baseline."""
    print(f"\n{'step, a cold process':<30}{'seconds':>9}{'processor':>10}{'peak MB':>9}   each")
    for name in runs[0]:
        measures = [run[name] for run in runs]
        seconds = median(step.seconds for step in measures)
        processor = median(step.processor_seconds for step in measures)
        megabytes = median(step.megabytes for step in measures)
        each = " ".join(f"{step.seconds:.2f}" for step in measures)
        print(f"{name:<30}{seconds:>9.2f}{processor:>10.2f}{megabytes:>9.0f}   {each}")
    for name in baselines:
        engine = name.partition(",")[0]
        for unit in ("seconds", "processor_seconds"):
            ratios = [getattr(run[BUILD], unit) / getattr(run[name], unit) for run in runs]
            each = " ".join(f"{ratio:.2f}" for ratio in ratios)
            print(f"{BUILD} / {engine}, {unit}: {median(ratios):.2f}   (each run: {each})")


def print_tables(tables: list[dict[str, int | str]]) -> None:
    """Print rows, files and size of each table."""
    print(f"\n{'table':<30}{'rows':>11}{'files':>7}{'MB':>9}")
    for table in tables:
        megabytes = int(table["bytes"]) / 1e6
        print(f"{table['table']:<30}{table['rows']:>11,}{table['files']:>7}{megabytes:>9.2f}")


if __name__ == "__main__":
    main()
