"""Programs that must succeed, one after another, each told with how long it took."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from datalake.core.errors import DatalakeError

TIME_LIMIT = 900
# A page to open is no reason to start a browser. The checkout must not be imported in its place.
ENVIRONMENT = {"BROWSER": "true", "TMDB_TOKEN": "demo", "PYTHONPATH": ""}


def step(name: str, check: Callable[[], object]) -> None:
    """Do it, and say that it passed and how long it took."""
    started = time.monotonic()
    check()
    print(f"{name}: passed, {time.monotonic() - started:.0f} s", flush=True)


def run(command: Sequence[str | Path], folder: Path | None = None) -> str:
    """What the program prints; `DatalakeError` with its last line where it fails."""
    result = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    if result.returncode:
        lines = (result.stderr.strip() or result.stdout.strip() or "it says nothing").splitlines()
        raise DatalakeError(f"{Path(command[0]).name} {command[1]}: {lines[-1]}")
    return result.stdout
