"""On a terminal: facts stay, bars go when their work is done, nothing stands at 0."""

import os
import pty
import re
import subprocess
import sys

import pytest

SCRIPT = """
import time
from datalake.cli.progress import StepProgress
steps = StepProgress()
with steps.step("ingest"):
    for done in range(0, 5_000_001, 1_000_000):
        steps.progress("store movies.csv", done, 5_000_000, "B")
        time.sleep(0.05)
    steps.tell("  new file movies.csv@2026-01-10#0123456789ab, 9,448 rows")
with steps.step("trusted"):
    for ended in (0, 1):  # both at once
        for table in ("titles", "credits"):
            steps.progress(f"write Trusted.{table}", ended, 0, "1,200 rows" if ended else "")
        time.sleep(0.2)
    steps.tell("  movies.csv: 9,448 rows = 9,436 trusted + 12 exact duplicates + 0 quarantined")
"""
AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from datalake.cli.progress import StepProgress
steps = StepProgress()
def write(number):
    steps.progress(f"write {number}", 0, 0)
    steps.progress(f"write {number}", 1, 0)
with steps.step("trusted"), ThreadPoolExecutor(3) as pool:
    list(pool.map(write, range(1_000)))
"""
LINES = [
    "ingest …",
    "  store movies.csv: 5.0 MB",
    "  new file movies.csv@2026-01-10#0123456789ab, 9,448 rows",
    "ingest: N s",
    "trusted …",
    "  write Trusted.titles: 1,200 rows, N s",
    "  write Trusted.credits: 1,200 rows, N s",
    "  movies.csv: 9,448 rows = 9,436 trusted + 12 exact duplicates + 0 quarantined",
    "trusted: N s",
]


def screen_of(columns, script=SCRIPT):
    """What a person reads in the end: the lines that were not erased."""
    main, terminal = pty.openpty()
    size = {"COLUMNS": str(columns), "LINES": "50", "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-c", script], stderr=terminal, env=os.environ | size
    )
    os.close(terminal)
    output = b""
    while True:
        try:
            chunk = os.read(main, 65_536)
        except OSError:  # the terminal's other side is closed
            break
        if not chunk:
            break
        output += chunk
    assert process.wait(timeout=60) == 0
    return rendered(output.decode())


def rendered(output):
    """The lines of a terminal after the output, by the few controls that progress bars use."""
    lines, row = [""], 0
    for text in re.split(r"(\x1b\[\d*[A-Z]|\x1b\[\?\d+[hl]|\x1b\[[\d;]*m|\r|\n)", output):
        if text == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif text == "\x1b[2K":
            lines[row] = ""
        elif re.fullmatch(r"\x1b\[\d*A", text):
            row = max(0, row - int(text[2:-1] or 1))
        elif text and not text.startswith("\x1b") and text != "\r":
            lines[row] += text
    return [re.sub(r"\d+\.\d s", "N s", line.rstrip()) for line in lines if line.strip()]


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_facts_stay_on_a_terminal_and_bars_do_not(columns):
    assert "".join(screen_of(columns)) == "".join(LINES)


def test_what_several_threads_tell_stays():
    lines = screen_of(100, AT_ONCE)
    assert lines[0] == "trusted …"
    written = {int(line.split()[1][:-1]) for line in lines[1:-1]}
    assert written == set(range(1_000))


def test_without_a_terminal_there_are_plain_lines():
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60
    )
    assert "\x1b" not in run.stderr
    assert "  store movies.csv: 5.0 MB\n" in run.stderr
    assert run.stderr.count("  write Trusted.titles\n") == 1
    assert "0 of 0" not in run.stderr
