"""When a title is asked for, and which come first."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.enriched import (
    NOON,
    days,
)

from datalake.enrichment.due import KEEP, DueReason, due_reason, due_titles, retry_delay
from datalake.enrichment.record import Entry
from datalake.sources.tmdb.outcome import Outcome

entries = st.builds(
    Entry,
    st.just("tt0000001"),
    st.integers(1, 5),
    st.sampled_from(Outcome),
    st.timedeltas(days(0), days(400)).map(lambda age: NOON - age),
    st.integers(1, 40),
    st.just("HTTP 500"),
)


@given(entries, st.sets(st.integers(1, 5)), st.timedeltas(days(1), days(400)))
def test_what_is_due_stays_due_until_it_is_asked(entry, changed, refresh_after):
    due = due_reason(entry, NOON, changed, refresh_after)
    if due is not None:
        assert due_reason(entry, NOON + days(1), changed, refresh_after) is not None


@given(entries, st.timedeltas(days(1), days(400)))
def test_nothing_is_kept_beyond_six_months(entry, refresh_after):
    if NOON - entry.at >= KEEP:
        assert due_reason(entry, NOON, (), refresh_after) is not None


@given(entries)
def test_what_was_just_asked_is_not_due_unless_no_answer_is_kept(entry):
    why = due_reason(entry._replace(at=NOON), NOON + timedelta(minutes=9), {1, 2, 3, 4, 5})
    assert why is (DueReason.NEW if entry.outcome is Outcome.PENDING else None)


@given(st.integers(1, 10_000))
def test_delays_grow_up_to_a_week(attempts):
    assert retry_delay(attempts) <= retry_delay(attempts + 1) <= days(7)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("outcome", "attempts", "age", "why"),
    [
        (Outcome.FAILED, 1, timedelta(minutes=10), DueReason.FAILED),
        (Outcome.FAILED, 1, timedelta(minutes=10) - SECOND, None),
        (Outcome.FAILED, 3, timedelta(minutes=40), DueReason.FAILED),
        (Outcome.FAILED, 3, timedelta(minutes=40) - SECOND, None),
        (Outcome.FAILED, 99, days(7), DueReason.FAILED),
        (Outcome.FAILED, 99, days(7) - SECOND, None),
        (Outcome.FOUND, 0, days(40), DueReason.OLD),
        (Outcome.FOUND, 0, days(40) - SECOND, None),
        (Outcome.NOT_FOUND, 0, days(30), DueReason.MISSED),
        (Outcome.NOT_FOUND, 0, days(30) - SECOND, None),
        (Outcome.OTHER_KIND, 0, days(30), DueReason.MISSED),
        (Outcome.OTHER_KIND, 0, days(30) - SECOND, None),
        (Outcome.PENDING, 0, timedelta(0), DueReason.NEW),
        (Outcome.FOUND, 0, -days(3), None),  # a clock was set back
    ],
)
def test_each_outcome_waits_for_its_time(outcome, attempts, age, why):
    entry = Entry("tt0000001", 1, outcome, NOON - age, attempts)
    assert due_reason(entry, NOON, refresh_after=days(40)) is why


@given(entries, st.sets(st.integers(1, 5)))
def test_a_change_counts_for_what_was_found_on_an_earlier_day_and_for_nothing_else(entry, changed):
    is_changed = due_reason(entry, NOON, changed, days(400)) is DueReason.CHANGED
    found = entry.outcome is Outcome.FOUND and entry.at.date() < NOON.date()
    assert is_changed == (found and entry.tmdb_id in changed)


def test_the_new_come_first_then_by_urgency():
    known = {
        "tt1": Entry("tt1", 1, Outcome.NOT_FOUND, NOON - days(60)),
        "tt2": Entry("tt2", 2, Outcome.FOUND, NOON - days(100)),
        "tt3": Entry("tt3", 3, Outcome.FOUND, NOON - days(5)),
        "tt4": Entry("tt4", None, Outcome.FAILED, NOON - days(1), 1),
        "tt5": Entry("tt5", 5, Outcome.FOUND, NOON - days(5)),
        "tt6": Entry("tt6", None, Outcome.OTHER_KIND, NOON - days(29)),
    }
    ids = ["tt1", "tt2", "tt3", "tt4", "tt5", "tt6", "tt7"]
    assert due_titles(ids, known, NOON, {3}) == ["tt7", "tt4", "tt3", "tt2", "tt1"]
    assert due_reason(known["tt3"], NOON, {3}) is DueReason.CHANGED
