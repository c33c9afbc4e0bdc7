"""Some of the kills of `make kill-test` on a folder: each ends as if nobody had killed."""

import pytest
from support.kills import laboratory, trial

pytestmark = pytest.mark.nightly


def test_commands_killed_at_random_moments_on_a_folder():
    with laboratory("folder") as lab:
        outcomes = {
            action: trial(lab, seed, (action,), most=1)[1]
            for seed, action in enumerate(("publishing", "relocation", "purge"))
        }
    assert outcomes == {action: [] for action in outcomes}
