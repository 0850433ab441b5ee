"""Who is on duty on which day: the rota of the week, without who is not there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.app.availability import ON_LEAVE, available
from services.ownership.app.rotas import standing
from services.ownership.domain.days import end_of, start_of
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.rota import Member, week_of
from services.ownership.store import rotas
from services.ownership.store.lead_tables import lead as _lead
from services.ownership.store.rota_tables import rota_ban as _b
from services.ownership.store.rota_tables import staff_leave as _l
from services.ownership.store.rotas import Kept

BANNED = "BANNED"


@dataclass(frozen=True, slots=True)
class Rep:
    """Somebody of the rota on a day; `reason` is empty when on duty, or not to be told."""

    member: Member
    on_duty: bool
    reason: str
    leads: int


@dataclass(frozen=True, slots=True)
class Day:
    """The duty of a day; `kept` None when the rota of its week is not built."""

    day: date
    kept: Kept | None
    reps: Sequence[Rep]


def duty_days(uow: UnitOfWork, first: date, last: date) -> list[Day]:
    """Return the duty of each day, as it was or as it is known today.

    Reasons and leads are told of the caller, and of everybody to readers of all leads.
    """
    rules = uow.policy(OwnershipPolicy).rules
    rules.rota.read.require(uow.actor)
    tells_all = rules.inbound.read.allows(uow.actor)
    builds = _builds(uow, first, last)
    absences = _absences(uow, first, last)
    given = _leads(uow, first, last)
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        kept = _in_force(uow, builds.get(week_of(day), []), day)
        reps = []
        for member in kept.rota.members if kept else ():
            reason = absences.get((day, member.staff_id), "")
            rep = Rep(member, not reason, reason, given.get((day, member.staff_id), 0))
            told = tells_all or member.staff_id == uow.actor.staff_id
            reps.append(rep if told else replace(rep, reason="", leads=0))
        found.append(Day(day, kept, reps))
    return found


def _builds(uow: UnitOfWork, first: date, last: date) -> dict[date, list[Kept]]:
    """Return the builds of weeks, oldest first; of this week at least what it would be."""
    builds = rotas.between(uow, week_of(first), week_of(last))
    this_week = week_of(uow.today())
    if week_of(first) <= this_week <= week_of(last) and this_week not in builds:
        builds[this_week] = [standing(uow)]
    return builds


def _in_force(uow: UnitOfWork, builds: Sequence[Kept], day: date) -> Kept | None:
    """Return the build that held at the end of a day, or holds now for a day to come."""
    end = end_of(day, uow.policy(OwnershipPolicy).time_zone)
    built = [kept for kept in builds if kept.built_at < end]
    return built[-1] if built else next(iter(builds), None)


def _absences(uow: UnitOfWork, first: date, last: date) -> dict[tuple[date, str], str]:
    """Return why people are not there on days: what stands against them now, from today on."""
    zone, today = uow.policy(OwnershipPolicy).time_zone, uow.today()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    found: dict[tuple[date, str], str] = {}
    bans = rotas.bans(uow.now, None).where(_b.c.banned_at < end_of(last, zone))
    for ban in uow.execute(bans).mappings():
        for day in days:
            moment = uow.now if day == today else end_of(day, zone) - timedelta(microseconds=1)
            if _banned(ban, moment):
                found[day, ban["staff_id"]] = BANNED
    away = sa.select(_l).where(_l.c.first_day <= last, _l.c.last_day >= first, ~_l.c.cancelled)
    for leave in uow.execute(away).mappings():
        for day in days:
            if leave["first_day"] <= day <= leave["last_day"]:
                found[day, leave["staff_id"]] = ON_LEAVE
    for staff_id, reason in available(uow, today).barred.items():
        if reason != ON_LEAVE:
            found |= {(day, staff_id): reason for day in days if day >= today}
    return found


def _banned(ban: Any, moment: datetime) -> bool:
    ends = [one for one in (ban["until_at"], ban["reinstated_at"]) if one]
    return bool(ban["banned_at"] <= moment and all(moment < end for end in ends))


def _leads(uow: UnitOfWork, first: date, last: date) -> dict[tuple[date, str], int]:
    """Count the leads that people got by turn, by day."""
    zone = uow.policy(OwnershipPolicy).time_zone
    count = (last - first).days + 1
    days = [first + timedelta(days=number) for number in range(count)]
    day = sa.case(*((_lead.c.routed_at < end_of(one, zone), n) for n, one in enumerate(days)))
    routed = sa.select(day.label("day"), _lead.c.staff_id).where(
        _lead.c.routed_at >= start_of(first, zone),
        _lead.c.routed_at < end_of(last, zone),
        _lead.c.scheme != "",
    )
    _r = routed.subquery().c
    counted = sa.select(_r.day, _r.staff_id, sa.func.count().label("leads"))
    rows = uow.execute(counted.group_by(_r.day, _r.staff_id))
    return {(days[row.day], row.staff_id): row.leads for row in rows}
