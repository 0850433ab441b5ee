"""What a term is, and what days and hours mean for the person it runs for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.scheduler.domain.calendar import ONE_DAY, WorkingCalendar


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_HOURS = "working_hours"
    HOURS = "hours"
    MONTHS = "months"


class Skipped(StrEnum):
    """Why a day does not count."""

    NOT_WORKED = "not_worked"
    LEAVE = "leave"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Term:
    """How long: `amount` units. A warning goes out `warn_before` units earlier, 0 for none.

    After a pause at least `least_after_pause` units remain.
    """

    amount: int
    unit: Unit
    warn_before: int = 0
    least_after_pause: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Pause:
    """A span that does not count. `begin` < `end`."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What days and hours mean for one person: the company's calendar, the own leave, the zone."""

    calendar: WorkingCalendar
    zone: ZoneInfo
    hours: tuple[tuple[time, time], ...] = ()
    """The office hours of a working day, in order."""
    leave: Collection[date] = ()

    def starts(self, day: date) -> datetime:
        """Return the moment when a local day begins, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        """Return the local day of a moment."""
        return moment.astimezone(self.zone).date()

    def skips(self, day: date) -> Skipped | None:
        """Return why a working-day count passes over `day`, None when it counts."""
        if not self.calendar.works(day):
            return Skipped.NOT_WORKED
        return Skipped.LEAVE if day in self.leave else None


@dataclass(frozen=True, slots=True)
class Count:
    """The working days of a span, and its other days with the reason, each in order."""

    counted: tuple[date, ...]
    skipped: tuple[tuple[date, Skipped], ...]


def count_working_days(reckoning: Reckoning, first: date, last: date) -> Count:
    """Count the working days after `first` up to and including `last`, without days of leave."""
    counted: list[date] = []
    skipped: list[tuple[date, Skipped]] = []
    day = first
    while day < last:
        day += ONE_DAY
        why = reckoning.skips(day)
        if why is None:
            counted.append(day)
        else:
            skipped.append((day, why))
    return Count(tuple(counted), tuple(skipped))


@dataclass(frozen=True, slots=True)
class Deadline:
    """When it is due, with the arithmetic. Due means at `due_at`, not after it.

    `counted` are the days that count, in order (none for plain hours); `skipped` those between
    that do not, with the reason.
    """

    due_at: datetime
    warn_at: datetime | None
    counted: tuple[date, ...]
    skipped: tuple[tuple[date, Skipped], ...]
