"""Measure IMDb's datasets, beside DuckDB writing the same tables: python datasets.py --source DIR.

From the download to the page, without TMDB. Each step is a process of its own, the runs follow one
another in the same order, and nothing is written but to a temporary folder, which is removed.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from process_measure import measure_process
from run import BUILD, Run, check_rows, print_steps, print_tables, step

from datalake.core.lake import Lake
from datalake.pipeline.status import read_status

_DATALAKE = Path(sys.executable).with_name("datalake")
_DUCKDB = {"DuckDB, the same tables": "duckdb_datasets.py"}


def main() -> None:
    """Run all and print the steps, what Spark cost, and the lake's files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="folder with the six files")
    parser.add_argument("--runs", type=int, default=1, help="how often (default 1)")
    parser.add_argument("--work", type=Path, help="where temporary folders are made")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="datalake-bench-", dir=options.work) as temporary:
        work = Path(temporary)
        for path in sorted(options.source.glob("*.tsv.gz")):
            print(f"input: {path.name} {path.stat().st_size / 1e6:.0f} MB")
        print(f"machine: {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
        measure_process(step("jars", work), work / "log")
        runs = [
            _run(options.source, work / f"run{number}", work / "log")
            for number in range(options.runs)
        ]
        print_steps(runs, _DUCKDB)
        for run in runs:
            print(f"{BUILD}: {run[BUILD].output.splitlines()[-1]}")
        print_tables(read_status(Lake(str(work / f"run{options.runs - 1}" / "lake")))["tables"])


def _run(files: Path, work: Path, log: Path) -> Run:
    load = " ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"load before the run, 1, 5, 15 minutes: {load}", flush=True)
    lake = work / "lake"
    work.mkdir(parents=True)
    downloaded = work / "downloaded"
    run = {}
    with _served(files) as url:
        commands: dict[str, Sequence[str | Path]] = {
            "download from this machine": [
                *(_DATALAKE, "download", "imdb", "--out", downloaded, "--imdb-url", url)
            ],
            "ingest": step("ingest", lake, downloaded),
            BUILD: step("build", lake),
            "answers": [_DATALAKE, "answers", "--lake", lake],
            "page": [_DATALAKE, "report", "--lake", lake],
        }
        for name, script in _DUCKDB.items():
            commands[name] = [sys.executable, Path(__file__).parent / script, files, work / script]
        for name, command in commands.items():  # each is told at once, for the next may fail
            run[name] = measure_process(command, log)
            figures = f"{run[name].seconds:.1f} s, {run[name].processor_seconds:.1f} of processor"
            print(f"{name}: {figures}, {run[name].megabytes:.0f} MB", flush=True)
    for name in _DUCKDB:
        check_rows(lake, name, json.loads(run[name].output.splitlines()[-1]))
    return run


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address at which the folder's files are served."""
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


if __name__ == "__main__":
    main()
