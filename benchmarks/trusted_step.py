"""Run one `trusted` step and print what it cost, as JSON: python trusted_step.py LAKE."""

import json
import os
import sys
import time

from spark_costs import spark_costs

from datalake.core.settings import load_settings
from datalake.pipeline.trusted import build_trusted
from datalake.spark.opening import open_tables


def main() -> None:
    """Build Trusted with two cores and a heap of 4 GB."""
    settings = load_settings(sys.argv[1], cores="2", memory="4g")
    with open_tables(settings, "benchmark") as tables:
        wall, before = time.monotonic(), spark_costs(tables.spark)
        build_trusted(tables, settings)
        costs = {
            "seconds": round(time.monotonic() - wall, 1),
            **{name: round(c - before[name], 1) for name, c in spark_costs(tables.spark).items()},
            "load": round(os.getloadavg()[0], 1),
        }
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
