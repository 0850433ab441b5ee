"""The calendar: seeded with the official days, corrected by the company, never rewritten."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel import Decision, Event, Violation
from chassis.unit import UnitOfWork
from services.scheduler.domain.calendar import NamedDay, WorkingCalendar
from services.scheduler.domain.official import OfficialYear, official_year
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.domain.reasons import (
    CALENDAR_STALE,
    DAY_TWICE,
    DAY_UNCHANGED,
    DAYS_INVALID,
    YEAR_UNKNOWN,
)
from services.scheduler.store import calendars as store
from services.scheduler.store import recomputations
from services.scheduler.store.calendars import Written

PUBLISHED = "crm.scheduler.calendar.published.v1"
FIRST_YEAR = 2023

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Override:
    """What the company says of a day, in place of what is official."""

    day: date
    working: bool
    zh: str
    en: str


def current(uow: UnitOfWork, country: str) -> WorkingCalendar:
    """Return the calendar in force; before the first version is stored, the official one."""
    stored = store.load(uow, country)
    return stored if stored.version else _official(country, uow.today().year + 1)


def keep_up(uow: UnitOfWork) -> None:
    """Store the official days of every year up to the next, and what became known of them since.

    A year whose make-up workdays are not out yet is kept as provisional, and looked up again.
    """
    country = uow.policy(SchedulerPolicy).rules.calendar.country.value
    changed = _unlike(uow, store.load(uow, country))
    if not changed:
        return
    version = store.newest(uow, country) + 1
    days = [day for year in changed for day in _written(uow, country, year)]
    stated = [(year.year, year.provisional) for year in changed]
    store.publish(uow, country, version, days, stated, "official")
    store.forget(uow)
    for year in changed:
        _announce(uow, country, version, year.year, provisional=year.provisional)
    for year in changed:
        if year.provisional:
            _log.warning("the make-up workdays of %s in %s are not known yet", year.year, country)
    recomputations.ask(uow, recomputations.CALENDAR, f"{country}/{version}")


def needs_keeping(uow: UnitOfWork) -> bool:
    """Whether a year is missing, or a provisional one is known better by now."""
    country = uow.policy(SchedulerPolicy).rules.calendar.country.value
    return bool(_unlike(uow, store.load(uow, country)))


def publish(
    uow: UnitOfWork, days: Sequence[Override], reason: str, etag: int | None
) -> WorkingCalendar:
    """Publish a version in which the company works, or does not work, on some days.

    Deadlines that run are computed again afterwards, never earlier than before. Refused for who may
    not, for a day given twice or unchanged, and when the calendar is at another version by now.
    """
    rules = uow.policy(SchedulerPolicy).rules.calendar
    rules.publish.require(uow.actor)
    keep_up(uow)
    country = rules.country.value
    calendar = store.load(uow, country)
    store.forget(uow)
    if etag is not None and etag != calendar.version:
        raise CALENDAR_STALE.refuse(version=calendar.version)
    _check(calendar, days)
    version = calendar.version + 1
    written = [Written(d.day, False, True, d.working, d.zh, d.en) for d in days]
    store.publish(uow, country, version, written, (), reason)
    for year in sorted({d.day.year for d in days}):
        _announce(uow, country, version, year, provisional=calendar.years[year])
    recomputations.ask(uow, recomputations.CALENDAR, f"{country}/{version}")
    facts = {
        "version": version,
        "reason": reason,
        "days": [{"day": d.day.isoformat(), "working": d.working} for d in days],
    }
    uow.record(
        Decision(
            "publish_calendar",
            "granted",
            "PUBLISHED",
            rules.publish.clause,
            rules.publish.say,
            facts,
        ),
        f"{country}/{version}",
    )
    named = {d.day: NamedDay(d.working, d.zh, d.en, False) for d in days}
    return WorkingCalendar(country, version, {**calendar.days, **named}, calendar.years)


def _check(calendar: WorkingCalendar, days: Sequence[Override]) -> None:
    violations: list[Violation] = []
    seen: set[date] = set()
    for number, override in enumerate(days):
        where = f"days[{number}]"
        if override.day in seen:
            violations.append(DAY_TWICE.violate(where))
        elif override.day.year not in calendar.years:
            violations.append(YEAR_UNKNOWN.violate(where, year=override.day.year))
        elif calendar.works(override.day) == override.working:
            violations.append(DAY_UNCHANGED.violate(where))
        seen.add(override.day)
    if violations:
        raise DAYS_INVALID.refuse(violations=violations, count=len(violations))


def _official(country: str, last: int) -> WorkingCalendar:
    years = [official_year(country, year) for year in range(FIRST_YEAR, last + 1)]
    days = {d.day: NamedDay(d.working, d.zh, d.en, True) for year in years for d in year.days}
    return WorkingCalendar(country, 0, days, {y.year: y.provisional for y in years})


def _unlike(uow: UnitOfWork, calendar: WorkingCalendar) -> list[OfficialYear]:
    """Return the years that are missing, or provisional and better known by now."""
    known = (official_year(calendar.name, year) for year in range(FIRST_YEAR, uow.today().year + 2))
    return [
        year
        for year in known
        if year.year not in calendar.years
        or (calendar.years[year.year] and not _says(calendar, year))
    ]


def _says(calendar: WorkingCalendar, year: OfficialYear) -> bool:
    """Whether a calendar has a year's official days, as far as the company left them alone."""
    stated = {
        day: named.working
        for day, named in calendar.days.items()
        if day.year == year.year and named.official
    }
    known = {day.day: day.working for day in year.days}
    corrected = known.keys() - stated.keys()
    alone = all(day in calendar.days for day in corrected)
    return year.provisional and alone and stated.items() <= known.items()


def _written(uow: UnitOfWork, country: str, year: OfficialYear) -> list[Written]:
    """Return what a version states of an official year, over what was stated of it before."""
    before = store.official_days(uow, country, year.year)
    gone = [
        Written(day, True, False, row["working"], row["zh"], row["en"])
        for day, row in before.items()
        if day not in {d.day for d in year.days}
    ]
    return [*(Written(d.day, True, True, d.working, d.zh, d.en) for d in year.days), *gone]


def _announce(uow: UnitOfWork, country: str, version: int, year: int, *, provisional: bool) -> None:
    data = {"calendar": country, "version": version, "year": year, "provisional": provisional}
    uow.emit(Event(PUBLISHED, country, data))
