"""Runs programs that must succeed, and prints how long each took."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from datalake.core.errors import DatalakeError

TIME_LIMIT = 900
# No browser is started for a page. The installed package is imported, not the checkout.
ENVIRONMENT = {"BROWSER": "true", "TMDB_TOKEN": "demo", "PYTHONPATH": ""}


def step(name: str, check: Callable[[], object]) -> None:
    """Run the check, and print that it passed and how long it took."""
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
