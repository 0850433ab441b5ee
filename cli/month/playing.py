"""Plays the month: hires, fills the libraries, then lets day after day pass."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.service import Parts, Service
from cli.month.cast import Size
from cli.month.company import Company
from cli.month.days import Act, Day
from cli.month.holidays import day_name, works
from cli.month.people import (
    absence,
    conduct,
    deciding,
    disputing,
    entering,
    following,
    leads,
    reviewing,
    signing,
)
from cli.pack_file import Pack, load_pack
from cli.rehearsal.platform import Rehearsal
from services.__main__ import services

PACK = Path(__file__).resolve().parents[2] / "policies" / "haixin-pool.yaml"
FIRST_DAY = date(2026, 4, 20)
"""A Monday; the Labour Day holiday and its make-up workday follow within the month."""
CHANGED_ON = 15
CHANGES = {"reclaim.days": 6}
"""What a new version of the policy says, from the end of that day on."""
AREAS: tuple[Callable[[Company, Day], Iterator[Act]], ...] = (
    entering.acts,
    reviewing.acts,
    following.acts,
    leads.acts,
    signing.acts,
    absence.acts,
    conduct.acts,
    deciding.acts,
    disputing.acts,
)


class ThrowAway(Rehearsal):
    """A platform whose databases nobody will need again: nothing waits for the disk."""

    def open(self, service: Service, url: str) -> Parts:
        """Put a service together over an empty database that is not flushed."""
        parts = self.assemble(service, url)
        sa.event.listen(parts.database.engine, "connect", _hurry)
        parts.create_tables()
        return parts


def _hurry(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def opened(size: Size, seed: int) -> Iterator[Company]:
    """Open a company on the evening before its first day: people hired, libraries filled.

    The databases lie in a folder of their own, which goes with the company.
    """
    with tempfile.TemporaryDirectory(prefix="crm-month-") as folder:
        urls = {one.name: f"sqlite:///{folder}/{one.name}.db" for one in services()}
        platform = ThrowAway(evening_before(FIRST_DAY).at(18), seed, urls)
        try:
            yield found(platform, size, FIRST_DAY, seed)
        finally:
            platform.close()


def evening_before(first_day: date) -> Day:
    """Return the day on which a company is founded."""
    return Day(0, first_day - timedelta(days=1), working=False)


def found(platform: Rehearsal, size: Size, first_day: date, seed: int) -> Company:
    """Found a company on a platform whose clock stands at the evening before its first day."""
    before = evening_before(first_day)
    pack = load_pack(PACK)
    company = Company(platform, size, first_day, seed)
    platform.apply(changed(pack, {"claim.review": False}))
    company.hire_everybody()
    count = size.reps * size.customers_each
    clerk = company.clerk(before.date)
    held = entering.fill_pool(company, count, clerk)
    entering.take_at_once(company, held)
    entering.fill_pool(company, count // 4, clerk)
    platform.apply(pack, before.at(24))
    return company


def changed(pack: Pack, values: dict[str, Any]) -> Pack:
    """Return a pack with other values of some parameters."""
    other = deepcopy(pack)
    for section in other.sections.values():
        for name in values.keys() & section.parameters.keys():
            section.parameters[name]["value"] = values[name]
    return other


def calendar(count: int, first_day: date = FIRST_DAY) -> list[Day]:
    """Return so many days from the first one on."""
    dates = [first_day + timedelta(days=number) for number in range(count)]
    return [
        Day(number, day, works(day), day_name(day)) for number, day in enumerate(dates, start=1)
    ]


def play_day(company: Company, day: Day, until: datetime | None = None) -> None:
    """Let everybody do what they do on a day, and the day pass; or only what is before `until`."""
    platform = company.platform
    end = min(until, day.at(24)) if until else day.at(24)
    if day.number == CHANGED_ON:
        platform.apply(changed(load_pack(PACK), CHANGES), day.at(24))
    planned: Sequence[Act] = [act for area in AREAS for act in area(company, day)]
    for act in sorted((act for act in planned if act.at <= end), key=lambda one: one.at):
        if act.at > platform.now:
            platform.settle()
            platform.wait_until(act.at)
        act.do()
    platform.settle()
    platform.pass_to(end)
