"""How long a lake's daily run takes: everything anew, some new responses, and nothing new.

    python benchmarks/day.py --lake LAKE --source DIR --runs 3

LAKE must have been built of DIR's files, with responses on films among its Raw; the benchmark adds
responses to it: copies of some that are there, newer and with another popularity.
"""

import argparse
import gzip
import json
import random
import re
import statistics
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from datalake.core.settings import load_settings
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.raw import response_files, tmdb_folder

STEPS = ("trusted", "refined", "answers", "report")


def add_responses(lake: str, count: int, seed: int) -> None:
    """Put newer versions of so many responses on films into Raw, in one file."""
    storage = load_settings(lake).lake.storage
    lines = [
        line
        for key in response_files(load_settings(lake).lake)
        if key.startswith(tmdb_folder(Kind.MOVIE))
        for line in gzip.decompress(storage.open(key).read()).decode().splitlines()
    ]
    responses = [line for line in map(json.loads, lines) if line["outcome"] == "found"]
    now = datetime.now(UTC)
    for response in (changed := random.Random(seed).sample(responses, count)):
        response["fetched_at"] = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        response["body"]["popularity"] = (response["body"].get("popularity") or 0) + 1
    text = "".join(f"{json.dumps(response)}\n" for response in changed)
    with storage.create(f"{tmdb_folder(Kind.MOVIE, now.date())}/{now:%H%M%S}.jsonl.gz") as file:
        file.write(gzip.compress(text.encode()))


def run(lake: str, source: str, *options: str) -> dict[str, float]:
    """Seconds of each step of `datalake run` that ran, and of the whole process as `run`."""
    words = ["datalake", "run", "--lake", lake, "--source", source, "--without-tmdb", *options]
    began = time.monotonic()
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    seconds = {"run": time.monotonic() - began}
    step_seconds = re.findall(rf"^({'|'.join(STEPS)}): ([\d.]+) s$", done.stderr, re.MULTILINE)
    return seconds | {step: float(text) for step, text in step_seconds}


def main() -> None:
    """Measure, interleaved, and print each case's medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lake", required=True)
    parser.add_argument("--source", required=True, type=lambda text: str(Path(text).resolve()))
    parser.add_argument("--responses", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    cases: dict[str, list[dict[str, float]]] = {}
    run(options.lake, options.source)  # what this version of the code would build anew
    for number in range(options.runs):
        cases.setdefault("all", []).append(run(options.lake, options.source, "--force"))
        add_responses(options.lake, options.responses, number)
        new = f"{options.responses} responses"
        cases.setdefault(new, []).append(run(options.lake, options.source))
        cases.setdefault("nothing", []).append(run(options.lake, options.source))
    print("| new | run | " + " | ".join(STEPS) + " |\n|---|" + "--:|" * (len(STEPS) + 1))
    for case, measured in cases.items():
        medians = (
            statistics.median(values) if (values := [m[name] for m in measured if name in m]) else 0
            for name in ("run", *STEPS)
        )
        print(f"| {case} | " + " | ".join(f"{value:.1f}" for value in medians) + " |")


if __name__ == "__main__":
    main()
