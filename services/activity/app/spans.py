"""Local days as people state them, and the moments in which they begin and end."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chassis.contract import FIELD_INVALID, INVALID_REQUEST
from chassis.unit import UnitOfWork
from services.activity.domain.policy import ActivityPolicy

TODAY = "today"
ONE_DAY = timedelta(days=1)


def day_of(uow: UnitOfWork, text: str, field: str) -> date | None:
    """Read a local day, `YYYY-MM-DD` or `today`; None when empty; refused when it is no day."""
    if text in ("", TODAY):
        return uow.today() if text else None
    try:
        return date.fromisoformat(text)
    except ValueError:
        violation = FIELD_INVALID.violate(field, problem="2026-03-02")
        raise INVALID_REQUEST.refuse(violations=[violation], count=1) from None


def begin_of(uow: UnitOfWork, day: date) -> datetime:
    """Return the moment when a local day begins, in UTC."""
    zone = ZoneInfo(uow.policy(ActivityPolicy).time_zone)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of(uow: UnitOfWork, day: date) -> datetime:
    """Return the moment when a local day ends, in UTC."""
    return begin_of(uow, day + ONE_DAY)
