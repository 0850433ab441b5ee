"""When recurring runs are due: which days they are for, and at what moment of each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.scheduler.domain.calendar import ONE_DAY, WorkingCalendar

_MIDNIGHT = "24:00"


class Every(StrEnum):
    """The days that a run is for."""

    CALENDAR_DAY = "every_calendar_day"
    WORKING_DAY = "every_working_day"
    WEEK = "every_week"
    MONTH_END = "every_month_end"


def due_of(day: date, at: str, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, of local time `at` (`HH:MM`) of `day`; 24:00 ends the day."""
    if at == _MIDNIGHT:
        return due_of(day + ONE_DAY, "00:00", zone)
    hours, minutes = at.split(":")
    return datetime.combine(day, time(int(hours), int(minutes)), zone).astimezone(UTC)


def occurrences(
    every: Every, at: str, zone: ZoneInfo, calendar: WorkingCalendar, first: date, until: datetime
) -> Iterator[tuple[date, datetime]]:
    """Yield the days from `first` on that a run is for and that are due by `until`, and when.

    In order, none left out, none twice. Weeks are for their Monday.
    """
    day = first
    while (due_at := due_of(day, at, zone)) <= until:
        if occurs(every, day, calendar):
            yield day, due_at
        day += ONE_DAY


def next_occurrence(
    every: Every, at: str, zone: ZoneInfo, calendar: WorkingCalendar, after: datetime
) -> tuple[date, datetime]:
    """Return the first occurrence that is due after `after`."""
    day = after.astimezone(zone).date() - ONE_DAY
    while not (occurs(every, day, calendar) and due_of(day, at, zone) > after):
        day += ONE_DAY
    return day, due_of(day, at, zone)


def occurs(every: Every, day: date, calendar: WorkingCalendar) -> bool:
    """Whether a run that is due `every` so often is for `day`."""
    match every:
        case Every.CALENDAR_DAY:
            return True
        case Every.WORKING_DAY:
            return calendar.works(day)
        case Every.WEEK:
            return day.weekday() == 0
        case Every.MONTH_END:
            return (day + timedelta(days=1)).month != day.month
