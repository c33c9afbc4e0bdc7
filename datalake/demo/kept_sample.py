"""The sample of the demo: made up only where it isn't there unchanged."""

import hashlib
import json
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from datalake.core.damage import PARSING_ERRORS
from datalake.core.files import atomic_path
from datalake.demo.sample import write_sample

RECEIPT = "sample.json"
"""Beside the sample: what it was made of, and the size and time of each of its files."""


def keep_sample(out: Path, titles: int, source_format: str) -> bool:
    """Write the sample unless it is there unchanged, from the same code; whether it was written."""
    made_of = {"titles": titles, "format": source_format, "code": _code_digest()}
    with suppress(OSError, *PARSING_ERRORS):
        receipt = json.loads((out / RECEIPT).read_text(encoding="utf-8"))
        if receipt == {"made_of": made_of, "files": _times(out, receipt["files"])}:
            return False
    write_sample(out, titles, source_format=source_format)
    names = [path.name for path in out.iterdir() if path.name != RECEIPT]
    receipt = {"made_of": made_of, "files": _times(out, names)}
    with atomic_path(out / RECEIPT) as path:
        path.write_text(json.dumps(receipt, indent=2), encoding="utf-8")
    return True


def _times(out: Path, names: Any) -> dict[str, list[int]]:
    status = {name: (out / name).stat() for name in sorted(names)}
    return {name: [file.st_size, file.st_mtime_ns] for name, file in status.items()}


def _code_digest() -> str:
    """A hash of the code that makes the sample up."""
    digest = hashlib.sha256()
    for module in sorted(files("datalake.demo").iterdir(), key=lambda item: item.name):
        if module.name.endswith(".py"):
            digest.update(module.read_bytes())
    return digest.hexdigest()[:16]
