"""The jobs as spark-submit runs them on a cluster, with the project's wheel."""

import os
import subprocess
import sys
from pathlib import Path

from support.paths import ROOT
from support.standalone import LONGEST, environment

JOBS = ("build_trusted", "build_refined")
_WHEEL = "from release import build_wheel; print(build_wheel())"
# What a job needs of this project comes by --py-files, ahead of what is installed.
_OUTSIDE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def library_wheel():
    """The project's wheel, as it is deployed."""
    words = [sys.executable, "-c", _WHEEL]
    built = subprocess.run(words, cwd=ROOT / "scripts", check=True, capture_output=True, text=True)
    return built.stdout.strip()


def submit(cluster, wheel, name, lake, ui_port, partitions=8):
    """The job at work on the cluster; its driver has 1 GB of heap, each executor too."""
    settings = {
        "spark.ui.port": ui_port,
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1g",
        "spark.sql.files.maxPartitionBytes": "16m",
        "spark.sql.shuffle.partitions": partitions,
        "spark.log.level": "WARN",
    }
    words = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
    words += ["--master", cluster.url, "--py-files", wheel]
    with log_of(cluster, name).open("wb") as log:
        return subprocess.Popen(
            [
                Path(sys.executable).parent / "spark-submit",
                *map(str, words),
                ROOT / f"jobs/{name}.py",
                *("--lake", lake.root),
            ],
            cwd=cluster.folder,
            env=_OUTSIDE | environment() | {"PYSPARK_PYTHON": sys.executable},
            stdout=log,
            stderr=log,
        )


def log_of(cluster, name):
    """The file of all that the job says."""
    return cluster.folder / f"{name}.log"


def ended_well(process, log):
    """Wait for the job and return what it said; a failure shows its last lines."""
    try:
        status = process.wait(LONGEST)
    finally:
        process.kill()
    output = log.read_text(encoding="utf-8", errors="replace")
    assert status == 0, output[-4000:]
    return output


def run_locally(name, lake):
    """The job on this machine's cores, in a Spark of its own."""
    own = {"PYTHONPATH": str(ROOT), "DATALAKE_SPARK_CONF_DIR": ""}
    words = [sys.executable, ROOT / f"jobs/{name}.py", "--lake", lake.root]
    subprocess.run(words, env=_OUTSIDE | own, check=True, timeout=LONGEST)
