"""Spark's and Java's errors as one line."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from datalake.core.aws import advice
from datalake.core.errors import LakeError
from datalake.core.lake import Lake

_CLOCK = re.compile(r"Invalid (?:update|snapshot) timestamp (\d+): before last \D+(\d+)")
_FRAME = re.compile(r"\s*(at .*\(.*\)|\.\.\. \d+ more|Driver stacktrace:)?$")  # or blank


@contextmanager
def translate_errors(lake: Lake) -> Iterator[None]:
    """Turn an error of Spark in the block into a `LakeError`."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise LakeError(f"{lake.root}: Spark failed: {_reason(lake, error)}") from error


def _reason(lake: Lake, error: Exception) -> str:
    """What to do where AWS or this machine is at fault; else what Spark says."""
    text = _text(error)
    remedy = advice(text) if lake.on_s3 else None
    return remedy or _local_cause(text) or reason(error)


def _local_cause(text: str) -> str | None:
    if "No space left on device" in text:
        return "the disk is full (No space left on device); make room, and run again"
    if match := _CLOCK.search(text):
        now, newest = (datetime.fromtimestamp(int(ms) / 1000, UTC) for ms in match.groups())
        return (
            f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC, and a table is of"
            f" {newest:%Y-%m-%d %H:%M} UTC; set the clock right, and run again"
        )
    return None


def reason(error: Exception) -> str:
    """A Spark or Java error in one line, with the cause that Java names last."""
    lines = [line.strip() for line in _text(error).splitlines() if not _FRAME.match(line)]
    if isinstance(error, Py4JError) and len(lines) > 1:
        lines = lines[1:]  # the first names the call alone
    first = lines[0].lstrip(": ")
    if first.endswith(":"):
        first += f" {' '.join(itertools.takewhile(_is_message, lines[1:]))}".rstrip()
    causes = [line.removeprefix("Caused by: ") for line in lines[1:] if not _is_message(line)]
    if not causes or causes[-1].partition(": ")[2] in first:
        return first
    return f"{first}; cause: {causes[-1]}"


def _text(error: Exception) -> str:
    """The error's text, and those of the causes that PySpark keeps."""
    lines, cause = [str(error)], getattr(error, "_cause", None)
    while cause:
        lines.append(f"Caused by: {cause}")
        cause = getattr(cause, "_cause", None)
    return "\n".join(lines)


def _is_message(line: str) -> bool:
    return not line.startswith("Caused by: ")
