"""The public holidays and make-up workdays of the days that are played."""

from datetime import date
from functools import cache

import holidays

SATURDAY = 5


@cache
def _china(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=[year], expand=False)


def works(day: date) -> bool:
    """Whether a company in China works on a day."""
    known = _china(day.year)
    return day in known.weekend_workdays or (day.weekday() < SATURDAY and day not in known)


def day_name(day: date) -> str:
    """Return `holiday`, `made_up` or an empty string."""
    known = _china(day.year)
    if day in known.weekend_workdays:
        return "made_up"
    return "holiday" if day in known else ""
