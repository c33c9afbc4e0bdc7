"""What a Spark in this process has cost: processor seconds and shuffled bytes.

Wall time says little on a busy machine; these change less.
"""

import os
from pathlib import Path

from pyspark.sql import SparkSession


def spark_costs(spark: SparkSession) -> dict[str, float]:
    """Processor seconds of the JVM and of this Python, and megabytes written to shuffles."""
    java = spark.sparkContext._jvm.java.lang  # type: ignore[union-attr]
    store = spark.sparkContext._jsc.sc().statusStore()
    shuffled = store.executorList(False).apply(0).totalShuffleWrite()
    processor = _processor_seconds(java.ProcessHandle.current().pid()) + sum(os.times()[:2])
    return {
        "processor_seconds": round(processor, 1),
        "shuffled_mb": round(shuffled / 1e6, 1),
    }


def _processor_seconds(pid: int) -> float:
    """What the process has computed so far, in user and kernel mode (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
