"""Days of the policy's time zone as moments."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def start_of(day: date, time_zone: str) -> datetime:
    """Return 00:00 of a day in a zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def end_of(day: date, time_zone: str) -> datetime:
    """Return 24:00 of a day in a zone, in UTC."""
    return start_of(day + timedelta(days=1), time_zone)
