"""The official days of a year: statutory holidays and make-up workdays, as a library lists them."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

from services.scheduler.domain.calendar import SATURDAY


@dataclass(frozen=True, slots=True)
class OfficialDay:
    """A day that the government names. `working` is true for a make-up workday on a weekend."""

    day: date
    working: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class OfficialYear:
    """A year as it is published. `provisional`: its make-up workdays are not published yet."""

    year: int
    days: tuple[OfficialDay, ...]
    provisional: bool


@cache
def official_year(country: str, year: int) -> OfficialYear:
    """Return the official days of `year` in `country` (ISO 3166), in order.

    Before the notice of the coming year is out, only what the statute says is known: without a
    single make-up workday the year is provisional.
    """
    chinese = _listed(country, year, "zh_CN")
    english = _listed(country, year, "en_US")
    off = [
        OfficialDay(day, False, _one_line(chinese[day]), _one_line(english.get(day) or ""))
        for day in sorted(chinese)
    ]
    made_up = [
        OfficialDay(day, True, "调休上班", "Make-up workday")
        for day in sorted(chinese.weekend_workdays)
        if day.year == year and day.weekday() >= SATURDAY
    ]
    days = tuple(sorted([*off, *made_up], key=lambda named: named.day))
    return OfficialYear(year, days, provisional=not made_up)


def _listed(country: str, year: int, language: str) -> holidays.HolidayBase:
    known = holidays.list_supported_countries().get(country)
    if known is None:
        raise ValueError(f"no calendar of {country!r}")
    spoken = getattr(holidays, country).supported_languages
    chosen = language if language in spoken else None
    return holidays.country_holidays(country, years=[year], language=chosen, expand=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())
