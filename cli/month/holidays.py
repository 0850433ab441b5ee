"""The public holidays of the month that is played, as the State Council published them."""

from datetime import date

SATURDAY = 5
LABOUR_DAY = frozenset(date(2026, 5, day) for day in range(1, 6))
MADE_UP = frozenset({date(2026, 5, 9)})


def works(day: date) -> bool:
    """Whether a company in China works on a day of the month."""
    return day in MADE_UP or (day.weekday() < SATURDAY and day not in LABOUR_DAY)


def day_name(day: date) -> str:
    """Return `holiday`, `made_up` or an empty string."""
    return "holiday" if day in LABOUR_DAY else "made_up" if day in MADE_UP else ""
