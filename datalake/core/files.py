"""Atomic file writes: a temporary file, synced and renamed."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to; the file there becomes `target` when the block ends.

    It is synced to the disk, then renamed over what was there. Where the block fails it is
    removed and `target` stays as it was. `OSError` where it can't be written.
    """
    temporary = target.with_name(f".{target.name}.{uuid4().hex[:8]}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink()


def is_temporary(name: str) -> bool:
    """Whether a file's name is one that `atomic_path` writes to."""
    return re.fullmatch(r"\..+\.[0-9a-f]{8}\.tmp", name) is not None
