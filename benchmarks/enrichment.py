"""Measure enrichment against a local TMDB: 5,000 titles, 80 ms a response, 40 requests a second.

python benchmarks/enrichment.py [--only NAME]... [--titles N] [--results FILE] [--write]

Each trial checks what it claims and ends the run where that doesn't hold. `--write` puts the
results into docs/benchmarks.md; all else is written to a temporary folder.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import enrichment_trials as trials
from enrichment_checks import Rows
from enrichment_lab import prepare
from lambda_trial import measure_lambda

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- enrichment: begin -->", "<!-- enrichment: end -->"
TRIALS: dict[str, Callable[[Path], Rows]] = {
    "25 a second": lambda lake: trials.rate(lake, 25),
    "38 a second": lambda lake: trials.rate(lake, 38),
    "A sequential client": trials.sequential,
    "Faults": trials.faults,
    "Killed at 25 a second": lambda lake: trials.kills(lake, 25),
    "Killed at 38 a second": lambda lake: trials.kills(lake, 38),
    "Memory": trials.memory,
    "Lambda": measure_lambda,
}


def main() -> None:
    """Run the trials and print their results; keep them where the arguments say so."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=TRIALS, help="this trial alone")
    parser.add_argument("--titles", type=int, default=5_000, help="titles in scope (5000)")
    parser.add_argument("--results", type=Path, help="JSON file that keeps results between runs")
    parser.add_argument("--write", action="store_true", help="write the results into docs/")
    options = parser.parse_args()
    results = {}
    if options.results and options.results.exists():
        results = json.loads(options.results.read_text(encoding="utf-8"))
    with TemporaryDirectory(prefix="datalake-bench-") as temporary:
        lake = prepare(Path(temporary), options.titles)
        for name in options.only or TRIALS:
            load = f"{os.getloadavg()[0]:.1f}"
            results[name] = [*TRIALS[name](lake), ("load before, 1 minute", load)]
            print(_table(name, results[name]), flush=True)
            if options.results:
                options.results.write_text(json.dumps(results, indent=1), encoding="utf-8")
    if options.write:
        write(results)


def write(results: dict[str, Rows]) -> None:
    """Replace what stands between the two markers of the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    head = f"Measured {datetime.now(UTC).date()} on {machine}."
    parts = [head, *(_table(name, results[name]) for name in TRIALS if name in results)]
    if ratios := _ratios(results):
        parts.insert(1, ratios)
    DOCUMENT.write_text(
        f"{before}{BEGIN}\n" + "\n\n".join(parts) + f"\n\n{END}{after}", encoding="utf-8"
    )


def _ratios(results: dict[str, Rows]) -> str:
    """How many times faster than the sequential client."""
    speed = {name: float(dict(rows).get("titles a second", 0)) for name, rows in results.items()}
    sequential_speed = speed.get("A sequential client")
    fast = [name for name in ("25 a second", "38 a second") if speed.get(name)]
    if not sequential_speed or not fast:
        return ""
    ratios = " and ".join(f"{speed[name] / sequential_speed:.1f} times at {name}" for name in fast)
    return f"Titles a second, beside the sequential client: {ratios}."


def _table(name: str, rows: Rows) -> str:
    lines = [f"| {name} | |", "|---|--:|", *(f"| {label} | {value} |" for label, value in rows)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
