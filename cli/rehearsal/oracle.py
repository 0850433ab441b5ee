"""Deadlines in working days, worked out once more and apart from the scheduler.

It looks at days one by one and knows no shortcut; the checks of the books compare with it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Which days are worked: Monday to Friday, but for those that are named."""

    zone: ZoneInfo
    named: Mapping[date, bool]

    def works(self, day: date) -> bool:
        """Whether a day is worked."""
        return self.named.get(day, day.weekday() < SATURDAY)

    def of(self, moment: datetime) -> date:
        """Return the local day of a moment."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """Return when a local day is over, in UTC."""
        return datetime.combine(day + ONE_DAY, time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Away:
    """Days of leave, both included, as they became known."""

    first: date
    last: date
    known_at: datetime
    cancelled_at: datetime | None


def due(
    basis: datetime,
    count: int,
    days: Days,
    away: Iterable[Away] = (),
    pauses: Iterable[tuple[datetime, datetime]] = (),
    least: int = 1,
) -> datetime:
    """Return when `count` working days after `basis` are over.

    Leave counts as it was known while the deadline ran, and a leave that was cancelled later made
    it later all the same. Days that a pause touches do not count, and `least` come after the last,
    whenever it begins.
    """
    spans = [(days.of(max(begin, basis)), days.of(end)) for begin, end in pauses if end > basis]
    found = _end(basis, count, days, [], spans, least)
    while True:
        known = [one for one in away if one.known_at < found and _counts(one, basis)]
        later = _end(basis, count, days, known, spans, least)
        if later <= found:
            return found
        found = later


def _counts(one: Away, basis: datetime) -> bool:
    """Whether a leave was in force at any time since the deadline runs."""
    return one.cancelled_at is None or one.cancelled_at > basis


def _end(
    basis: datetime,
    count: int,
    days: Days,
    away: Collection[Away],
    spans: Collection[tuple[date, date]],
    least: int,
) -> datetime:
    day = days.of(basis)
    resumed = max((last for _, last in spans), default=day)
    counted = since = 0
    while counted < count or (spans and since < least):
        day += ONE_DAY
        idle = any(one.first <= day <= one.last for one in away)
        if not days.works(day) or idle or any(first <= day <= last for first, last in spans):
            continue
        counted += 1
        since += day > resumed
    return days.end_of(day)
