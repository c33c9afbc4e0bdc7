"""The same sample built by two Sparks: python tests/two_sparks.py PYTHON OTHER_PYTHON.

Each is the interpreter of an environment with a Spark of its own. Ends with an error that names
the tables that differ.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from support.big_lakes import DAY, copied, sums
from support.paths import ROOT

from datalake.core.lake import Lake
from datalake.core.settings import load_settings
from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE, write_sample
from datalake.demo.server import TmdbServer
from datalake.pipeline.enrich import enrich_lake
from datalake.sources.ingestion import ingest

JOBS = ("build_trusted", "build_refined", "build_answers")
LAYERS = ("Trusted", "Refined", "Answers")
TITLES, TOKEN = 3_000, "a-token"


def main():
    """Build both lakes and compare them; a line for each Spark and one for the tables."""
    with TemporaryDirectory(prefix="datalake-sparks-") as folder:
        first = enriched(Path(folder))
        lakes = [first, copied(first, Path(folder) / "other")]
        for lake, python in zip(lakes, sys.argv[1:], strict=True):
            build(lake, python)
        first_sums, other_sums = (sums(lake, LAYERS) for lake in lakes)
        if differ := [name for name in first_sums if first_sums[name] != other_sums[name]]:
            sys.exit(f"tables that differ: {', '.join(differ)}")
        rows = sum(rows for rows, _ in first_sums.values())
        print(f"all {len(first_sums)} tables are equal, with {rows:,} rows")


def enriched(folder):
    """A lake with Raw alone: a made-up sample, and what a local TMDB says of it."""
    sample = write_sample(folder / "sample", TITLES).folder
    lake = Lake(str(folder / "lake"))
    ingest(lake, sample, DAY)
    with TmdbServer(load_bodies([sample / BODIES_FILE]), TOKEN) as server:
        own = {"TMDB_TOKEN": TOKEN}
        settings = load_settings(lake, day=DAY, environment=own, tmdb_url=server.url, rate=1000)
        enrich_lake(settings)
    return lake


def build(lake, python):
    """All tables of the lake, by that interpreter's Spark."""
    statement = "import pyspark; print(pyspark.__version__)"
    process = subprocess.run([python, "-c", statement], capture_output=True, text=True, check=True)
    print(f"Spark {process.stdout.strip()}: {python}", flush=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    for job in JOBS:
        words = [python, ROOT / f"jobs/{job}.py", "--lake", lake.root]
        subprocess.run(words, env=environment, check=True, timeout=1800)


if __name__ == "__main__":
    main()
