"""Which days are worked: the weekdays, but for the days that a calendar's version names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What kind of day a day is for everybody in the company."""

    WORKING_DAY = "working_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP_DAY = "make_up_day"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that is named: a holiday, a make-up workday, or what the company says of it."""

    working: bool
    zh: str
    en: str
    official: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """One version of a calendar. A day that it does not name is worked from Monday to Friday."""

    name: str
    version: int
    days: Mapping[date, NamedDay]
    years: Mapping[int, bool]
    """The years it holds, and whether each is provisional: its make-up workdays are not out yet."""

    def works(self, day: date) -> bool:
        """Whether the company works on `day`."""
        named = self.days.get(day)
        return named.working if named else day.weekday() < SATURDAY

    def kind_of(self, day: date) -> DayKind:
        """Return what kind of day it is. Not worked by name is a holiday, whoever named it."""
        weekend = day.weekday() >= SATURDAY
        if self.works(day):
            return DayKind.MAKE_UP_DAY if weekend else DayKind.WORKING_DAY
        named = self.days.get(day)
        return DayKind.HOLIDAY if named else DayKind.WEEKEND

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """Yield the working days from `first` to `last`, both included."""
        day = first
        while day <= last:
            if self.works(day):
                yield day
            day += ONE_DAY


def days_of_month(year: int, month: int) -> Iterator[date]:
    """Yield the days of a month."""
    day = date(year, month, 1)
    while day.month == month:
        yield day
        day += ONE_DAY
