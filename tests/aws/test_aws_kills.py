"""A kill of `make kill-test` on S3 and Glue: it ends as if nobody had killed."""

import pytest
from support.kills import laboratory, trial

pytestmark = pytest.mark.nightly


def test_publishing_killed_on_s3():
    with laboratory("s3") as lab:
        assert trial(lab, 1, ("publishing",), most=1)[1] == []
