"""The days of the month, and what is planned on each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
STEP_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month. `working` is whether the company works on it."""

    number: int
    date: date
    working: bool
    name: str = ""

    def at(self, hour: int, minute: int = 0) -> datetime:
        """Return a moment of the day, in UTC; hour 24 is its end."""
        day = self.date + timedelta(days=hour // 24)
        return datetime.combine(day, time(hour % 24, minute), ZONE).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does at a moment."""

    at: datetime
    do: Callable[[], object]


def spread(day: Day, begin: int, end: int, count: int) -> Iterator[datetime]:
    """Yield `count` moments, evenly between two hours, in steps of a few minutes."""
    steps = (end - begin) * 60 // STEP_MINUTES
    for number in range(count):
        minutes = number * steps // max(count, 1) * STEP_MINUTES
        yield day.at(begin + minutes // 60, minutes % 60)
