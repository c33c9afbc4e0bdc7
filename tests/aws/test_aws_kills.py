"""Some of the kills of `make kill-test` on S3 and Glue: each ends as if nobody had killed."""

import pytest
from support.kills import laboratory, trial

pytestmark = pytest.mark.aws


def test_commands_killed_at_random_moments_on_s3():
    with laboratory("s3") as lab:
        outcomes = {
            action: trial(lab, seed, (action,))[1]
            for seed, action in enumerate(("first run", "publishing"))
        }
    assert outcomes == {action: [] for action in outcomes}
