"""Wall time, processor time and peak memory of a command and its children, such as the JVM."""

import os
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_MB = 1_000_000
_POLL = 0.02


@dataclass(frozen=True)
class Measure:
    """One cold process: seconds from start to end, those of processor, peak MB, what it printed."""

    seconds: float
    processor_seconds: float
    megabytes: float
    output: str


class _Usage(NamedTuple):
    """A process's peak of memory in bytes, and what it has computed."""

    peak: int
    processor_seconds: float


def measure_process(command: Sequence[str | Path], log: Path) -> Measure:
    """Run the command to its end; a failure ends the benchmark with the log's last lines.

    The memory is the sum of each process's own peak. A process starts with its parent's peak
    to its name, so the caller should hold less than what it measures.
    """
    with log.open("w+b") as file:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        children: dict[int, _Usage] = {}
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            children |= _usages(process.pid)
            time.sleep(_POLL)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    output = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n" + "\n".join(output.splitlines()[-10:]))
    _wait_for_end(children)
    # macOS counts in bytes, Linux in kibibytes.
    own = ended[2].ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    peak = own + sum(child.peak for child in children.values())
    processor = ended[2].ru_utime + ended[2].ru_stime
    processor += sum(child.processor_seconds for child in children.values())
    return Measure(seconds, processor, peak / _MB, output)


def _usages(pid: int) -> dict[int, _Usage]:
    """Each descendant's usage so far; none where there is no /proc."""
    usages: dict[int, _Usage] = {}
    for child in _children(pid):
        peak = _read(f"/proc/{child}/status").partition("VmHWM:")[2].split()
        times = _read(f"/proc/{child}/stat").rpartition(")")[2].split()[11:13]
        if peak and times:
            ticks = sum(map(int, times))
            usages[child] = _Usage(int(peak[0]) * 1024, ticks / os.sysconf("SC_CLK_TCK"))
        usages |= _usages(child)
    return usages


def _children(pid: int) -> list[int]:
    """Of any of the process's threads: Spark's Python starts the JVM from its main one."""
    return [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def _wait_for_end(pids: Collection[int]) -> None:
    """A JVM that still ends would take time from what is measured next."""
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(_POLL)
