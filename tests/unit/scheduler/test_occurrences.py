"""Runs are due on the days they are for: every one, once, in order."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.occurrences import Every, next_occurrence, occurrences
from tests.unit.scheduler.almanac import SHANGHAI, china, local

FIRST = date(2026, 2, 12)


def listed(every: Every, at: str, first: date, until: str) -> list[str]:
    found = occurrences(every, at, SHANGHAI, china(), first, local(until))
    return [f"{day:%m-%d} {due.astimezone(SHANGHAI):%m-%d %H:%M}" for day, due in found]


@pytest.mark.parametrize(
    "every, at, until, expected",
    [
        (Every.CALENDAR_DAY, "00:05", "2026-02-13 00:05",
         ["02-12 02-12 00:05", "02-13 02-13 00:05"]),
        (Every.CALENDAR_DAY, "00:05", "2026-02-13 00:04", ["02-12 02-12 00:05"]),
        (Every.WORKING_DAY, "24:00", "2026-02-24 23:59",
         ["02-12 02-13 00:00", "02-13 02-14 00:00", "02-14 02-15 00:00"]),
        (Every.WEEK, "00:00", "2026-02-23 00:00", ["02-16 02-16 00:00", "02-23 02-23 00:00"]),
        (Every.MONTH_END, "24:00", "2026-04-01 00:00", ["02-28 03-01 00:00", "03-31 04-01 00:00"]),
        (Every.MONTH_END, "24:00", "2026-02-28 23:59", []),
    ],
)  # fmt: skip
def test_what_was_missed_is_listed_in_order(
    every: Every, at: str, until: str, expected: list[str]
) -> None:
    assert listed(every, at, FIRST, until) == expected


@given(
    st.sampled_from(list(Every)),
    st.sampled_from(["00:00", "00:05", "09:30", "12:00", "24:00"]),
    st.integers(0, 400),
    st.lists(st.integers(1, 60 * 24 * 40), min_size=1, max_size=6),
)
@settings(max_examples=200, deadline=None)
def test_in_steps_or_at_once_the_same_occurrences(
    every: Every, at: str, offset: int, steps: list[int]
) -> None:
    first = FIRST + timedelta(days=offset)
    moment = local(f"{first} 00:00")
    following, piecewise = first, []
    for step in steps:
        moment += timedelta(minutes=step)
        for day, due in occurrences(every, at, SHANGHAI, china(), following, moment):
            piecewise.append((day, due))
            following = day + timedelta(days=1)
    assert piecewise == list(occurrences(every, at, SHANGHAI, china(), first, moment))
    day, due = next_occurrence(every, at, SHANGHAI, china(), moment)
    assert due > moment
    assert (day, due) not in piecewise
