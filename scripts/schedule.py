"""How long a schedule of EventBridge Scheduler leaves the lake without a run, at most."""

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise

_UNITS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# A run that asks for all titles takes an hour or so; one hour more, for it to be late.
MARGIN_HOURS = 2
MOST_HOURS = 168  # CloudWatch's alarms look back a week at most


def stale_after_hours(expression: str) -> int:
    """Hours without a success after which a run is missing; 0 where no alarm can watch that.

    No alarm can watch a schedule whose gap is longer than CloudWatch's alarms look back, one that
    runs once, and one with marks that are not understood here (L, W, #).
    """
    hours = _longest_gap(expression)
    watched = hours is not None and hours + MARGIN_HOURS <= MOST_HOURS
    return int(-(-hours // 1)) + MARGIN_HOURS if hours is not None and watched else 0


def _longest_gap(expression: str) -> float | None:
    """The longest time between two runs, in hours; None where it is unknown."""
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression.strip()):
        return int(rate[1]) * _UNITS[rate[2]]
    cron = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) \S+\)", expression.strip())
    if cron is None:
        return None
    try:
        minutes, hours = _values(cron[1], 0, 59), _values(cron[2], 0, 23)
        days, months = _values(cron[3], 1, 31), _values(cron[4], 1, 12, _MONTHS)
        weekdays = _values(cron[5], 1, 7, _DAYS)
    except ValueError:
        return None
    start = date(2027, 1, 1)
    runs = [
        datetime.combine(day, time(hour, minute))
        for day in (start + timedelta(days=number) for number in range(800))
        if day.month in months and day.day in days and day.isoweekday() % 7 + 1 in weekdays
        for hour in sorted(hours)
        for minute in sorted(minutes)
    ]
    gaps = [(after - before).total_seconds() / 3600 for before, after in pairwise(runs)]
    return max(gaps, default=None)


def _values(field: str, lowest: int, highest: int, names: tuple[str, ...] = ()) -> set[int]:
    """The numbers that a field of a cron expression stands for; `ValueError` on other marks."""
    values: set[int] = set()
    for part in field.upper().split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            first, last = lowest, highest
        else:
            first, last = (_number(word, lowest, names) for word in (span.split("-") * 2)[:2])
            last = highest if step and "-" not in span else last
        values |= set(range(first, last + 1, int(step or 1)))
    return values


def _number(word: str, lowest: int, names: tuple[str, ...]) -> int:
    return names.index(word) + lowest if word in names else int(word)
