"""Wall time and peak memory of a command, its child processes such as the JVM included."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_MB = 1_000_000
_POLL = 0.02


@dataclass(frozen=True)
class Measure:
    """One cold process: seconds from start to end, peak memory in MB, what it printed."""

    seconds: float
    megabytes: float
    output: str


def measure_process(command: Sequence[str | Path], log: Path) -> Measure:
    """Run the command to its end; a failure ends the benchmark with the log's last lines.

    The memory is the sum of each process's own peak. A process starts with its parent's peak
    to its name, so the caller should hold less than what it measures.
    """
    with log.open("w+b") as file:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        peaks: dict[int, int] = {}
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peaks |= _peaks(process.pid)
            time.sleep(_POLL)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    output = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n" + "\n".join(output.splitlines()[-10:]))
    _wait_for_end(peaks)
    # macOS counts in bytes, Linux in kibibytes.
    own = ended[2].ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Measure(seconds, (own + sum(peaks.values())) / _MB, output)


def _peaks(pid: int) -> dict[int, int]:
    """Each descendant's peak so far, in bytes; none where there is no /proc."""
    peaks: dict[int, int] = {}
    for child in _children(pid):
        status = _read(f"/proc/{child}/status")
        peak = status.partition("VmHWM:")[2].split()
        if peak:
            peaks[child] = int(peak[0]) * 1024
        peaks |= _peaks(child)
    return peaks


def _children(pid: int) -> list[int]:
    """Of any of the process's threads: Spark's Python starts the JVM from its main one."""
    return [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def _wait_for_end(pids: dict[int, int]) -> None:
    """A JVM that still ends would take time from what is measured next."""
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(_POLL)
