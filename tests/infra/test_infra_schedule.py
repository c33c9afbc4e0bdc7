"""The alarm on a missing run follows from the schedule."""

import pytest
from support.paths import ROOT

pytestmark = pytest.mark.aws


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        ("cron(0 6 * * ? *)", 26),
        ("rate(12 hours)", 14),
        ("rate(1 day)", 26),
        ("cron(0 */6 * * ? *)", 8),
        ("cron(0 6 ? * MON-FRI *)", 74),
        ("cron(0/30 8-17 ? * TUE,THU *)", 113),
        # A week and its margin are more than CloudWatch looks back: no alarm, not a lasting one.
        ("cron(0 6 ? * MON *)", 0),
        ("cron(0 6 1 * ? *)", 0),
        ("cron(0 6 L * ? *)", 0),
        ("at(2027-01-01T00:00:00)", 0),
    ],
)
def test_a_run_is_missing_two_hours_after_the_longest_gap(schedule, hours, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from schedule import stale_after_hours

    assert stale_after_hours(schedule) == hours


@pytest.mark.parametrize(
    ("given", "before", "hours"),
    [
        ({}, {}, {"StaleAfterHours": "26"}),
        ({}, {"Schedule": "rate(12 hours)"}, {"StaleAfterHours": "14"}),
        ({"Schedule": "cron(0 6 ? * MON *)"}, {}, {"StaleAfterHours": "0"}),
        ({"StaleAfterHours": "50"}, {}, {}),
    ],
)
def test_deploy_derives_it_unless_it_is_set(given, before, hours, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from types import SimpleNamespace

    from deploy import alarm_parameters

    assert alarm_parameters(given, SimpleNamespace(parameters=before)) == hours
