"""Deadlines, in a table: what a person would count on their fingers."""

from datetime import date, timedelta

import pytest

from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.terms import Skipped, Term, Unit
from tests.unit.scheduler.almanac import (
    days,
    local,
    pause,
    reckoning,
    shown,
    shown_warning,
)

FIVE = Term(5, Unit.WORKING_DAYS, warn_before=1, least_after_pause=1)


@pytest.mark.parametrize(
    "basis, due",
    [
        ("2026-03-02 09:00", "2026-03-10 00:00"),  # H-6.7d: Monday to the end of the next Monday
        ("2026-03-02 00:00", "2026-03-10 00:00"),
        ("2026-03-02 23:59", "2026-03-10 00:00"),
        ("2026-03-03 00:00", "2026-03-11 00:00"),
        ("2026-03-07 12:00", "2026-03-14 00:00"),  # begun on a Saturday
        ("2026-02-12 09:00", "2026-02-27 00:00"),  # 13, Sat 14 works, 24, 25, 26
        ("2026-02-13 17:00", "2026-02-28 00:00"),  # Sat 14, 24, 25, 26, 27
        ("2026-02-14 10:00", "2026-03-01 00:00"),  # 24-27 and Saturday 28, which is worked
        ("2026-04-30 09:00", "2026-05-12 00:00"),  # 6, 7, 8, Saturday 9, 11
        ("2026-09-30 09:00", "2026-10-14 00:00"),
        ("2025-12-31 09:00", "2026-01-09 00:00"),  # over New Year, Sunday 4 January is worked
        ("2024-02-28 09:00", "2024-03-07 00:00"),  # over 29 February
    ],
)
def test_five_working_days(basis: str, due: str) -> None:
    found = deadline(local(basis), FIVE, reckoning())
    assert shown(found) == due
    assert len(found.counted) == 5


def test_the_arithmetic_is_told() -> None:
    found = deadline(local("2026-02-13 17:00"), FIVE, reckoning(days("2026-02-25")))
    assert [day.isoformat() for day in found.counted] == [
        "2026-02-14",
        "2026-02-24",
        "2026-02-26",
        "2026-02-27",
        "2026-02-28",
    ]
    assert dict(found.skipped)[date(2026, 2, 16)] is Skipped.NOT_WORKED
    assert found.skipped[-1] == (date(2026, 2, 25), Skipped.LEAVE)


@pytest.mark.parametrize(
    "basis, term, warned",
    [
        ("2026-03-02 09:00", FIVE, "2026-03-09 00:00"),
        ("2026-03-02 09:00", Term(5, Unit.WORKING_DAYS, warn_before=2), "2026-03-06 00:00"),
        ("2026-03-02 09:00", Term(5, Unit.WORKING_DAYS, warn_before=9), "2026-03-03 00:00"),
        ("2026-03-02 09:00", Term(7, Unit.CALENDAR_DAYS, warn_before=2), "2026-03-08 00:00"),
        ("2026-03-02 09:00", Term(3, Unit.MONTHS, warn_before=1), "2026-05-03 00:00"),
        ("2026-03-02 16:00", Term(4, Unit.WORKING_HOURS, warn_before=1), "2026-03-03 10:00"),
        ("2026-03-02 16:00", Term(4, Unit.WORKING_HOURS, warn_before=5), "2026-03-02 16:00"),
        ("2026-03-02 16:00", Term(4, Unit.HOURS, warn_before=1), "2026-03-02 19:00"),
    ],
)
def test_the_warning_goes_out_units_before(basis: str, term: Term, warned: str) -> None:
    assert shown_warning(deadline(local(basis), term, reckoning())) == warned


def test_no_warning_unless_asked_for() -> None:
    assert deadline(local("2026-03-02 09:00"), Term(1, Unit.HOURS), reckoning()).warn_at is None


@pytest.mark.parametrize(
    "basis, amount, unit, due",
    [
        ("2026-03-02 09:00", 7, Unit.CALENDAR_DAYS, "2026-03-10 00:00"),
        ("2026-02-14 09:00", 7, Unit.CALENDAR_DAYS, "2026-02-22 00:00"),
        ("2026-01-31 09:00", 1, Unit.MONTHS, "2026-03-01 00:00"),
        ("2024-01-31 09:00", 1, Unit.MONTHS, "2024-03-01 00:00"),
        ("2026-03-31 09:00", 3, Unit.MONTHS, "2026-07-01 00:00"),
        ("2025-12-15 09:00", 12, Unit.MONTHS, "2026-12-16 00:00"),
        ("2026-03-02 22:30", 26, Unit.HOURS, "2026-03-04 00:30"),
        ("2026-03-02 09:00", 4, Unit.WORKING_HOURS, "2026-03-02 14:30"),
        ("2026-03-02 11:00", 4, Unit.WORKING_HOURS, "2026-03-02 16:30"),
        ("2026-03-02 16:00", 4, Unit.WORKING_HOURS, "2026-03-03 11:00"),  # over the night
        ("2026-03-02 20:00", 3, Unit.WORKING_HOURS, "2026-03-03 12:00"),
        ("2026-03-06 17:00", 4, Unit.WORKING_HOURS, "2026-03-09 12:00"),  # over the weekend
        ("2026-02-13 17:00", 8, Unit.WORKING_HOURS, "2026-02-14 17:30"),  # Saturday is worked
        ("2026-02-14 17:30", 1, Unit.WORKING_HOURS, "2026-02-24 09:30"),  # over Spring Festival
        ("2026-03-02 09:00", 0, Unit.WORKING_HOURS, "2026-03-02 09:00"),
        ("2026-03-02 09:00", 0, Unit.WORKING_DAYS, "2026-03-03 00:00"),
    ],
)
def test_other_units(basis: str, amount: int, unit: Unit, due: str) -> None:
    assert shown(deadline(local(basis), Term(amount, unit), reckoning())) == due


@pytest.mark.parametrize(
    "leave, due",
    [
        (("2026-03-04",), "2026-03-11 00:00"),
        (("2026-03-02",), "2026-03-10 00:00"),  # the day of the start does not count anyway
        (("2026-03-07", "2026-03-08"), "2026-03-10 00:00"),  # a weekend is no leave
        (("2026-03-09", "2026-03-10", "2026-03-11"), "2026-03-13 00:00"),
    ],
)
def test_days_of_leave_do_not_count(leave: tuple[str, ...], due: str) -> None:
    assert shown(deadline(local("2026-03-02 09:00"), FIVE, reckoning(days(*leave)))) == due


@pytest.mark.parametrize(
    "pauses, due",
    [
        ([("2026-03-04 10:00", "2026-03-04 11:00")], "2026-03-11 00:00"),
        ([("2026-03-04 10:00", "2026-03-05 11:00")], "2026-03-12 00:00"),
        ([("2026-03-09 10:00", "2026-03-20 11:00")], "2026-03-24 00:00"),  # one day remains
        ([("2026-03-06 10:00", "2026-03-07 11:00")], "2026-03-11 00:00"),
        ([("2026-03-10 00:05", "2026-03-20 11:00")], "2026-03-24 00:00"),  # due, taken, given back
        ([("2026-02-01 00:00", "2026-02-20 11:00")], "2026-03-10 00:00"),  # over before it began
        (
            [("2026-03-03 10:00", "2026-03-04 10:00"), ("2026-03-04 08:00", "2026-03-05 10:00")],
            "2026-03-13 00:00",
        ),
        (
            [("2026-03-11 10:00", "2026-03-12 10:00"), ("2026-03-04 08:00", "2026-03-05 10:00")],
            "2026-03-14 00:00",
        ),
    ],
)
def test_paused_days_do_not_count(pauses: list[tuple[str, str]], due: str) -> None:
    spans = [pause(*span) for span in pauses]
    assert shown(deadline(local("2026-03-02 09:00"), FIVE, reckoning(), spans)) == due


def test_where_nothing_need_remain_a_pause_after_the_deadline_changes_nothing() -> None:
    bare = Term(5, Unit.WORKING_DAYS)
    late = [pause("2026-03-10 00:05", "2026-03-20 11:00")]
    assert shown(deadline(local("2026-03-02 09:00"), bare, reckoning(), late)) == "2026-03-10 00:00"


def test_what_remains_after_a_pause_is_policy() -> None:
    spans = [pause("2026-03-09 10:00", "2026-03-20 11:00")]
    three = Term(5, Unit.WORKING_DAYS, least_after_pause=3)
    assert shown(deadline(local("2026-03-02 09:00"), three, reckoning(), spans)) == (
        "2026-03-26 00:00"
    )
    hours = Term(4, Unit.WORKING_HOURS, least_after_pause=2)
    late = [pause("2026-03-02 14:00", "2026-03-02 17:30")]
    assert shown(deadline(local("2026-03-02 09:00"), hours, reckoning(), late)) == (
        "2026-03-03 10:30"
    )


def test_paused_hours_do_not_count() -> None:
    spans = [pause("2026-03-02 10:00", "2026-03-02 11:00")]
    office = deadline(local("2026-03-02 09:00"), Term(4, Unit.WORKING_HOURS), reckoning(), spans)
    plain = deadline(local("2026-03-02 09:00"), Term(4, Unit.HOURS), reckoning(), spans)
    assert (shown(office), shown(plain)) == ("2026-03-02 15:30", "2026-03-02 14:00")


def test_never_before_the_floor() -> None:
    floor = local("2026-03-12 00:00")
    found = deadline(local("2026-03-02 09:00"), FIVE, reckoning(), (), floor)
    assert found.due_at == floor
    later = deadline(local("2026-03-09 09:00"), FIVE, reckoning(), (), floor)
    assert later.due_at - floor == timedelta(days=5)
