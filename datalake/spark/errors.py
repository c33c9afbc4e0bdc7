"""What Spark says went wrong, in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from datalake.core.aws import advice
from datalake.core.errors import LakeError
from datalake.core.lake import Lake


@contextmanager
def translate_errors(lake: Lake) -> Iterator[None]:
    """Turn an error of Spark in the block into a `LakeError`."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise LakeError(f"{lake.root}: Spark failed: {_reason(lake, error)}") from error


def _reason(lake: Lake, error: Exception) -> str:
    """What to do where AWS is at fault; else what Spark says, a Java error's cause in line two."""
    if lake.on_s3 and (remedy := advice(str(error))):
        return remedy
    lines = str(error).strip().splitlines()
    return lines[1].lstrip(": ") if isinstance(error, Py4JError) and len(lines) > 1 else lines[0]
