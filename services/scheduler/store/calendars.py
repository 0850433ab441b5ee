"""Calendars: versions of named days, written once, read whole and kept in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.scheduler.domain.calendar import NamedDay, WorkingCalendar
from services.scheduler.store.tables import calendar_day as _day
from services.scheduler.store.tables import calendar_version as _version
from services.scheduler.store.tables import calendar_year as _year

_NEWEST = sa.select(sa.func.max(_version.c.version)).where(
    _version.c.calendar == sa.bindparam("b_calendar")
)
_DAYS = (
    sa.select(_day)
    .where(_day.c.calendar == sa.bindparam("b_calendar"))
    .order_by(_day.c.official.desc(), _day.c.version)
)
_YEARS = (
    sa.select(_year).where(_year.c.calendar == sa.bindparam("b_calendar")).order_by(_year.c.version)
)

_kept: WeakKeyDictionary[sa.Engine, dict[str, WorkingCalendar]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Written:
    """A day as a version states it; `named` is false where a version takes an official day back."""

    day: date
    official: bool
    named: bool
    working: bool
    zh: str
    en: str


def newest(uow: UnitOfWork, name: str) -> int:
    """Return the newest version of a calendar, 0 when there is none."""
    return uow.connection.execute(_NEWEST, {"b_calendar": name}).scalar() or 0


def load(uow: UnitOfWork, name: str) -> WorkingCalendar:
    """Return the newest version of a calendar; of a name that is not stored, an empty one."""
    version = newest(uow, name)
    kept = _kept.setdefault(uow.connection.engine, {})
    if name not in kept or kept[name].version != version:
        kept[name] = _read(uow, name, version)
    return kept[name]


def _read(uow: UnitOfWork, name: str, version: int) -> WorkingCalendar:
    days: dict[date, NamedDay] = {}
    for row in uow.execute(_DAYS, {"b_calendar": name}).mappings():
        if row["named"]:
            official = row["official"]
            days[row["day"]] = NamedDay(row["working"], row["zh"], row["en"], official)
        else:
            days.pop(row["day"], None)
    years = uow.execute(_YEARS, {"b_calendar": name}).mappings()
    return WorkingCalendar(name, version, days, {row["year"]: row["provisional"] for row in years})


def official_days(uow: UnitOfWork, name: str, year: int) -> dict[date, sa.RowMapping]:
    """Return the official days of a year as the newest version states them."""
    rows = uow.execute(_DAYS, {"b_calendar": name}).mappings()
    newest_first = {row["day"]: row for row in rows if row["official"] and row["day"].year == year}
    return {day: row for day, row in newest_first.items() if row["named"]}


def publish(
    uow: UnitOfWork,
    name: str,
    version: int,
    days: Sequence[Written],
    stated_years: Sequence[tuple[int, bool]],
    reason: str,
) -> None:
    """Write a version: the days and years that it states, over those before."""
    head: dict[str, Any] = {"calendar": name, "version": version}
    uow.execute(
        _version.insert(),
        head | {"reason": reason, "published_at": uow.now, "published_by": uow.actor.staff_id},
    )
    if stated_years:
        uow.execute(
            _year.insert(),
            [head | {"year": year, "provisional": flag} for year, flag in stated_years],
        )
    if days:
        uow.execute(
            _day.insert(),
            [head | {field: getattr(day, field) for field in Written.__slots__} for day in days],
        )


def forget(uow: UnitOfWork) -> None:
    """Drop what is kept in memory, because this transaction wrote and may yet be undone."""
    _kept.pop(uow.connection.engine, None)
