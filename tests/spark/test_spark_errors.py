"""What a person can mend on this machine is said in words of their own."""

import pytest
from pyspark.errors import PySparkException

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.spark.errors import translate_errors


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Job aborted due to stage failure: Lost task 0.0 in stage 44.0: org.apache.hadoop.fs"
            ".FSError: java.io.IOException: No space left on device",
            "the disk is full (No space left on device); make room, and run again",
        ),
        (
            "Invalid update timestamp 1795707091304: before last snapshot log entry at"
            " 1795879627274",
            "this machine's clock says 2026-11-26 15:31 UTC, and a table is of"
            " 2026-11-28 15:27 UTC; set the clock right, and run again",
        ),
        ("no such function: nope", "no such function: nope"),
    ],
)
def test_a_cause_on_this_machine_is_told_with_its_remedy(text, message):
    with pytest.raises(LakeError) as error, translate_errors(Lake("lake")):
        raise PySparkException(text)
    assert str(error.value) == f"lake: Spark failed: {message}"
