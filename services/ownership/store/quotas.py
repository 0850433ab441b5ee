"""Quota counters: changed only by conditional updates, so that no door can pass the limit."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.domain.policy import QuotaRules
from services.ownership.domain.quota import Limit, Person, limit_for
from services.ownership.domain.reasons import QUOTA_FULL, STAFF_UNKNOWN
from services.ownership.store.tables import quota_counter as _t
from services.ownership.store.tables import staff

_PEOPLE = sa.select(
    staff.c.staff_id,
    staff.c.department,
    staff.c.team,
    staff.c.roles,
    staff.c.hire_date,
    staff.c.personal_limit,
)
_PERSON = _PEOPLE.where(staff.c.staff_id == sa.bindparam("staff_id"))

_FREE_SLOT = (_t.c.staff_id == sa.bindparam("who")) & (
    _t.c.used + _t.c.held < sa.bindparam("limit")
)
_TAKE = _t.update().where(_FREE_SLOT).values(used=_t.c.used + 1)
_HOLD = _t.update().where(_FREE_SLOT).values(held=_t.c.held + 1)
_CHANGE = (
    _t.update()
    .where(_t.c.staff_id == sa.bindparam("who"))
    .values(used=_t.c.used + sa.bindparam("more_used"), held=_t.c.held + sa.bindparam("more_held"))
)


def read_person(uow: UnitOfWork, staff_id: str) -> Person:
    """Return the person; refused when unknown."""
    row = uow.one(_PERSON, {"staff_id": staff_id})
    if row is None:
        raise STAFF_UNKNOWN.refuse()
    return Person(**{**row, "roles": tuple(row["roles"])})


def read_people(uow: UnitOfWork, staff_ids: Sequence[str]) -> dict[str, Person]:
    """Return people by staff id, without the unknown."""
    rows = uow.execute(_PEOPLE.where(staff.c.staff_id.in_(staff_ids))).mappings()
    return {row["staff_id"]: Person(**{**row, "roles": tuple(row["roles"])}) for row in rows}


def limit_of(uow: UnitOfWork, staff_id: str, rules: QuotaRules, today: date) -> Limit:
    """Return the limit in force for a person today."""
    return limit_for(read_person(uow, staff_id), today, rules)


def take_slot(uow: UnitOfWork, staff_id: str, limit: Limit) -> None:
    """Use one slot; refused, with the figures, when none is free."""
    _change_if_free(uow, _TAKE, staff_id, limit)


def slot_taken(uow: UnitOfWork, staff_id: str, limit: Limit) -> bool:
    """Use one slot if one is free; False when none is."""
    return uow.execute(_TAKE, {"who": staff_id, "limit": limit.count}).rowcount == 1


def hold_slot(uow: UnitOfWork, staff_id: str, limit: Limit) -> None:
    """Reserve one slot for a case; refused, with the figures, when none is free."""
    _change_if_free(uow, _HOLD, staff_id, limit)


def change(uow: UnitOfWork, staff_id: str, used: int = 0, held: int = 0) -> None:
    """Add to the counters without asking the limit: what is already granted is kept."""
    uow.execute(_CHANGE, {"who": staff_id, "more_used": used, "more_held": held})


def lock(uow: UnitOfWork, staff_ids: Sequence[str]) -> None:
    """Lock the counters of people in the order of their ids, before any position is locked."""
    locked = sa.select(_t.c.staff_id).where(_t.c.staff_id.in_(staff_ids))
    uow.execute(locked.order_by(_t.c.staff_id).with_for_update()).all()


def give_back(uow: UnitOfWork, counts: Mapping[str, int]) -> None:
    """Give back so many used slots of each person."""
    rows = [{"who": one, "more_used": -n, "more_held": 0} for one, n in sorted(counts.items())]
    if rows:
        uow.execute(_CHANGE, rows)


def rooms(
    uow: UnitOfWork, staff_ids: Sequence[str], rules: QuotaRules, today: date
) -> dict[str, int]:
    """Return the free slots of people as they are now, never negative, by staff id."""
    taken = {key: sum(counter) for key, counter in read_counters(uow, staff_ids).items()}
    people = read_people(uow, staff_ids)
    limits = {key: limit_for(person, today, rules) for key, person in people.items()}
    return {key: max(limit.count - taken.get(key, 0), 0) for key, limit in limits.items()}


def read_counters(uow: UnitOfWork, staff_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return (used, held) of people by staff id."""
    counted = sa.select(_t.c.staff_id, _t.c.used, _t.c.held).where(_t.c.staff_id.in_(staff_ids))
    return {row.staff_id: (row.used, row.held) for row in uow.execute(counted)}


def read_counter(uow: UnitOfWork, staff_id: str) -> tuple[int, int]:
    """Return (used, held)."""
    row = uow.one(sa.select(_t.c.used, _t.c.held).where(_t.c.staff_id == staff_id))
    return (row["used"], row["held"]) if row else (0, 0)


def _change_if_free(uow: UnitOfWork, statement: sa.Update, staff_id: str, limit: Limit) -> None:
    if uow.execute(statement, {"who": staff_id, "limit": limit.count}).rowcount == 1:
        return
    used, held = read_counter(uow, staff_id)
    raise QUOTA_FULL.refuse(clause=limit.rule.clause, limit=limit.count, used=used, reserved=held)
