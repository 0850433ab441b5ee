"""Leave: who is away, so that the working days of their clocks do not count."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis.kernel import SYSTEM, Decision, Event
from chassis.keysets import Order
from chassis.reach import in_reach
from chassis.rules import Permission
from chassis.unit import UnitOfWork
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.domain.reasons import (
    LEAVE_CANCELLED,
    LEAVE_OVERLAPS,
    LEAVE_UNKNOWN,
    SPAN_INVALID,
    SPAN_TOO_LONG,
    STAFF_UNKNOWN,
)
from services.scheduler.store import clocks, leaves, recomputations
from services.scheduler.store.tables import leave as _leave
from services.scheduler.store.tables import staff_place as _place

MOST_DAYS_LISTED = 366
BY_DAY = Order((_leave.c.first_day, _leave.c.leave_id))
RECORDED = "crm.scheduler.leave.recorded.v1"


def record(uow: UnitOfWork, staff_id: str, first: date, last: date, reason: str) -> sa.RowMapping:
    """Record days of leave, both ends included. Running deadlines of the person become later.

    Refused for who may not, for a span that is too long, and where the person is away already.
    """
    rules = uow.policy(SchedulerPolicy).rules.leave
    _require(uow, rules.record, staff_id)
    days = (last - first).days + 1
    if days < 1:
        raise SPAN_INVALID.refuse(first=first.isoformat(), last=last.isoformat())
    if days > rules.most_days.value:
        most = rules.most_days
        raise SPAN_TOO_LONG.refuse(clause=most.clause, most=most.value, days=days)
    if leaves.place_of(uow, staff_id, locked=True) is None:
        raise STAFF_UNKNOWN.refuse()
    for other in leaves.taken(uow, staff_id, first):
        if other["first_day"] <= last:
            span = {name: other[f"{name}_day"].isoformat() for name in ("first", "last")}
            raise LEAVE_OVERLAPS.refuse(**span)
    leave_id = uow.new_id()
    leaves.add(uow, leave_id, staff_id, first, last, reason)
    return _recorded(uow, leave_id, rules.record, "record_leave", leave_id)


def cancel(uow: UnitOfWork, leave_id: str, reason: str) -> sa.RowMapping:
    """Record that a leave is not taken; what it made later stays, what begins now counts again."""
    rules = uow.policy(SchedulerPolicy).rules.leave
    found = leaves.find(uow, leave_id)
    _require(uow, rules.record, found["staff_id"] if found else "")
    if found is None:
        raise LEAVE_UNKNOWN.refuse()
    if found["cancelled_at"]:
        raise LEAVE_CANCELLED.refuse()
    leaves.cancel(uow, leave_id, reason)
    return _recorded(uow, leave_id, rules.record, "cancel_leave", f"{leave_id}/0")


def listed(
    uow: UnitOfWork, staff_id: str, after: tuple[date, str] | None, limit: int
) -> Sequence[sa.RowMapping]:
    """Return a person's leaves, the latest days first; one's own, or with the permission."""
    whose = person(uow, staff_id)
    require_reader(uow, whose)
    return leaves.page(uow, whose, after, limit)


def absences(
    uow: UnitOfWork, first: date, last: date, department: str, team: str, *, cancelled: bool
) -> sa.Select[Any]:
    """Return the query of who is away from `first` to `last`: oneself, and whom one may see."""
    span = (last - first).days
    if span < 0:
        raise SPAN_INVALID.refuse(first=first.isoformat(), last=last.isoformat())
    if span > MOST_DAYS_LISTED:
        raise SPAN_TOO_LONG.refuse(most=MOST_DAYS_LISTED, days=span)
    rule = uow.policy(SchedulerPolicy).rules.leave.read
    reach = in_reach(rule.grants, uow.actor, _place)
    conditions: list[sa.ColumnElement[bool]] = [reach | (_leave.c.staff_id == uow.actor.staff_id)]
    if department:
        conditions.append(_place.c.department == department)
    if team:
        conditions.append(_place.c.team == team)
    return leaves.between(first, last, conditions, cancelled=cancelled)


def person(uow: UnitOfWork, staff_id: str) -> str:
    """Return whom a request means: `me` is the caller."""
    return uow.actor.staff_id if staff_id == "me" else staff_id


def require_reader(uow: UnitOfWork, staff_id: str) -> None:
    """Refuse who may not know when somebody is away; services may, and everybody of themselves."""
    if staff_id == uow.actor.staff_id or uow.actor.has(SYSTEM):
        return
    _require(uow, uow.policy(SchedulerPolicy).rules.leave.read, staff_id)


def _require(uow: UnitOfWork, permission: Permission, staff_id: str) -> None:
    place = leaves.place_of(uow, staff_id)
    department, team = (place["department"], place["team"]) if place else ("", "")
    permission.require(uow.actor, department, team)


def _recorded(
    uow: UnitOfWork, leave_id: str, rule: Permission, action: str, reference: str
) -> sa.RowMapping:
    found = leaves.find(uow, leave_id)
    assert found is not None
    data = {
        "leave_id": leave_id,
        "staff_id": found["staff_id"],
        "first_day": found["first_day"].isoformat(),
        "last_day": found["last_day"].isoformat(),
        "cancelled": found["cancelled_at"] is not None,
    }
    uow.emit(Event(RECORDED, found["staff_id"], data))
    clocks.note_leave(uow, found["staff_id"])
    recomputations.ask(uow, recomputations.LEAVE, reference, found["staff_id"])
    who = (found["staff_id"],)
    decision = Decision(action, "granted", "RECORDED", rule.clause, rule.say, data, concerned=who)
    uow.record(decision, found["staff_id"])
    return found
