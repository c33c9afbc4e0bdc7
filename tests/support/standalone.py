"""A cluster of this machine: the pip-installed Spark's own master and workers, on loopback.

Linux only, for it finds processes in /proc.
"""

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import requests
from pyspark.find_spark_home import _find_spark_home

from datalake.spark.java import java_home

_SPARK = Path(_find_spark_home())
_DEPLOY = "org.apache.spark.deploy"
PATIENCE = 120  # seconds until a part of the cluster must have answered
LONGEST = 5400  # seconds of a job


def environment():
    """What the cluster and those who submit to it need; raises `SettingsError` without a Java."""
    home = java_home(os.environ.get("JAVA_HOME"))
    return {
        "JAVA_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_CONF_DIR": "",
    }


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(condition, description, seconds=PATIENCE):
    """What `condition` returns as soon as it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if result := condition():
                return result
        except (requests.RequestException, OSError, ValueError):
            pass
        time.sleep(0.05)
    raise AssertionError(f"after {seconds} s still not: {description}")


class Cluster:
    """A master and its workers, one core each; leave the block and they are gone."""

    def __init__(self, folder, memory="1g"):
        self.folder, self.memory = folder, memory
        self.port, self.web_port = free_port(), free_port()
        self.workers = []

    @property
    def url(self):
        return f"spark://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, workers=2):
        """The master, and so many workers."""
        words = "--port", self.port, "--webui-port", self.web_port
        master = self._start("master", f"{_DEPLOY}.master.Master", *words)
        try:
            self.fill(workers)
            yield self
        finally:
            for process in (*self.workers, master):
                kill_with_children(process.pid)
                process.wait(PATIENCE)

    def fill(self, workers=2):
        """Start workers until there are so many."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < workers:
            words = "--cores", 1, "--memory", self.memory, "--webui-port", 0
            words += "--work-dir", self.folder / "work", self.url
            self.workers.append(self._start("worker", f"{_DEPLOY}.worker.Worker", *words))
        wait_for(lambda: self._alive() == workers, f"{workers} workers at {self.url}")

    def _alive(self):
        state = requests.get(f"http://127.0.0.1:{self.web_port}/json/", timeout=5).json()
        return state["aliveworkers"]

    def _start(self, name, *words):
        log = (self.folder / f"{name}.log").open("ab")
        with log:
            return subprocess.Popen(
                [_SPARK / "bin/spark-class", *map(str, words), "--host", "127.0.0.1"],
                env=os.environ | environment(),
                stdout=log,
                stderr=log,
            )

    def kill_worker_at_work(self, submitted, ui_port, log, message):
        """SIGKILL a worker and its executor, in a stage after the log had that message."""

        def busy():
            assert submitted.poll() is None, "the job ended before a worker was killed"
            if message not in log.read_text(encoding="utf-8", errors="replace"):
                return None
            at_work = _at_work(ui_port)
            return next((worker for worker in self.workers if executors_of(worker) & at_work), None)

        worker = wait_for(busy, f"an executor at work after {message}", LONGEST)
        kill_with_children(worker.pid)
        worker.wait(PATIENCE)


def _at_work(ui_port):
    """The driver's executors that have ended some tasks, while a stage runs."""
    api = f"http://127.0.0.1:{ui_port}/api/v1/applications"
    (application,) = requests.get(api, timeout=5).json()
    of_application = f"{api}/{application['id']}"
    if not requests.get(f"{of_application}/stages?status=active", timeout=5).json():
        return set()
    executors = requests.get(f"{of_application}/executors", timeout=5).json()
    return {executor["id"] for executor in executors if executor["completedTasks"] >= 3} - {
        "driver"
    }


def executors_of(worker):
    """The ids of the executors that the worker runs."""
    lines = (Path(f"/proc/{child}/cmdline").read_text() for child in children(worker.pid))
    words = (line.partition("--executor-id\0")[2] for line in lines)
    return {word.partition("\0")[0] for word in words} - {""}


def kill_with_children(pid):
    """SIGKILL the process, then its children, which by then can't be started anew."""
    below = children(pid)
    for process in (pid, *below):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def children(pid):
    """The process's children, of any of its threads."""
    texts = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(child) for text in texts for child in text.split()]
