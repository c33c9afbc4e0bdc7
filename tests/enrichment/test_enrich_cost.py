"""What enrichment costs: never over the rate, as few requests as can be, memory by the title."""

import subprocess
import sys
import tracemalloc

import pytest
from support.enriched import (
    DAY,
    FILMS,
    GENRES,
    NOON,
    SECRET,
    SERIES,
    Fickle,
    at,
    make_bodies,
    make_client,
    make_lake,
)
from support.paths import ROOT

from datalake.demo.server import TmdbServer
from datalake.enrichment.run import EnrichOptions, enrich


def test_a_busy_run_keeps_to_the_rate_and_asks_once_a_film_and_twice_a_series(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET, latency=0.05) as server:
        summary = enrich(lake, make_client(server, rate=40), GENRES, DAY, at(NOON))
        assert dict(server.requests) == {"movie": len(FILMS), "find": 10, "tv": len(SERIES)}
    assert (summary.requests, summary.too_many) == (60, 0)
    # 60 requests at 40 a second, of which four may come at once.
    assert 1.4 <= summary.seconds < 10


def test_a_due_title_costs_some_hundred_bytes(tmp_path):
    peaks = []
    for count in (1_000, 11_000):
        lake = make_lake(tmp_path / str(count), [f"tt{n:07d}" for n in range(count)], [])
        tracemalloc.start()
        enrich(lake, Fickle(), GENRES, DAY, EnrichOptions(limit=50, now=lambda: NOON))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / 10_000 < 300


@pytest.mark.nightly
def test_the_benchmark_s_trial_of_faults_holds():
    """It checks what it claims; those of the rate need a machine of their own, and run there."""
    program = ROOT / "benchmarks" / "enrichment.py"
    run = subprocess.run(
        [sys.executable, program, "--titles", "600", "--only", "Faults"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "| Faults |" in run.stdout
