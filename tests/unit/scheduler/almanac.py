"""What these tests reckon with: the official calendar of China, Shanghai time."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from services.scheduler.domain.calendar import NamedDay, WorkingCalendar
from services.scheduler.domain.official import official_year
from services.scheduler.domain.terms import Deadline, Pause, Reckoning

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = range(2023, 2028)
HOURS = ((time(9), time(12)), (time(13, 30), time(18)))


@cache
def china() -> WorkingCalendar:
    """Return the official calendar."""
    years = [official_year("CN", year) for year in YEARS]
    days = {d.day: NamedDay(d.working, d.zh, d.en, True) for year in years for d in year.days}
    return WorkingCalendar("CN", 1, days, {year.year: year.provisional for year in years})


def reckoning(leave: Collection[date] = ()) -> Reckoning:
    """Return what counts for a person who is away on the days of `leave`."""
    return Reckoning(china(), SHANGHAI, HOURS, frozenset(leave))


def local(text: str) -> datetime:
    """Return a moment written as local time, `2026-03-02 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def days(*texts: str) -> frozenset[date]:
    """Return days written as `2026-03-02`."""
    return frozenset(date.fromisoformat(text) for text in texts)


def pause(begin: str, end: str) -> Pause:
    """Return a pause between two local times."""
    return Pause(local(begin), local(end))


def shown(found: Deadline) -> str:
    """Return when it is due as local time."""
    return found.due_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def shown_warning(found: Deadline) -> str:
    """Return when the warning goes out as local time."""
    assert found.warn_at
    return found.warn_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
