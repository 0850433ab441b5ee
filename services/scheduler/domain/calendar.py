"""Which days are worked: the weekdays, but for the days that a calendar's version names."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
ONE_DAY = timedelta(days=1)


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

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """Yield the working days from `first` to `last`, both included."""
        day = first
        while day <= last:
            if self.works(day):
                yield day
            day += ONE_DAY


@dataclass(frozen=True, slots=True)
class Count:
    """How many working days lie in a span, and which."""

    counted: tuple[date, ...]
    skipped: tuple[date, ...]


def count_working_days(
    calendar: WorkingCalendar, first: date, last: date, leave: Collection[date] = ()
) -> Count:
    """Count the working days after `first` up to and including `last`, without days of leave."""
    counted: list[date] = []
    skipped: list[date] = []
    day = first
    while day < last:
        day += ONE_DAY
        (counted if calendar.works(day) and day not in leave else skipped).append(day)
    return Count(tuple(counted), tuple(skipped))
