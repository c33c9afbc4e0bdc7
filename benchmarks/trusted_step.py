"""Run one `trusted` step and print what it cost, as JSON: python trusted_step.py LAKE.

Wall time says little on a busy machine; the JVM's CPU seconds and the shuffled bytes do not change.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from datalake.core.settings import load_settings
from datalake.pipeline.trusted import build_trusted
from datalake.spark.opening import open_tables


def main() -> None:
    """Build Trusted with two cores and a heap of 4 GB."""
    settings = load_settings(sys.argv[1], cores="2", memory="4g")
    with open_tables(settings, "benchmark") as tables:
        java = tables.spark.sparkContext._jvm.java.lang  # type: ignore[union-attr]
        clock = _processor_clock(java.ProcessHandle.current().pid())
        wall, processor = time.monotonic(), clock()
        build_trusted(tables, settings)
        store = tables.spark.sparkContext._jsc.sc().statusStore()
        shuffled = store.executorList(False).apply(0).totalShuffleWrite()
        costs = {
            "seconds": round(time.monotonic() - wall, 1),
            "processor_seconds": round(clock() - processor, 1),
            "shuffled_mb": round(shuffled / 1e6, 1),
            "load": round(os.getloadavg()[0], 1),
        }
    print(json.dumps(costs))


def _processor_clock(pid: int) -> Callable[[], float]:
    """Seconds that the process has computed so far, in user and kernel mode (Linux)."""

    def seconds() -> float:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    return seconds


if __name__ == "__main__":
    main()
