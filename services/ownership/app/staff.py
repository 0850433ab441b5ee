"""The staff directory."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis.kernel import SYSTEM, Decision, Event, Violation
from chassis.unit import UnitOfWork
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import (
    STAFF_EXISTS,
    STAFF_FIELD_REQUIRED,
    STAFF_FIELD_UNKNOWN,
    STAFF_HIRE_DATE,
    STAFF_INVALID,
    STAFF_UNKNOWN,
    STALE,
)
from services.ownership.store.tables import quota_counter
from services.ownership.store.tables import staff as _t

CHANGED = "crm.ownership.staff.changed.v1"


@dataclass(frozen=True, slots=True)
class Staff:
    """A person. `hire_date` is `YYYY-MM-DD`; `personal_limit` 0 means none."""

    staff_id: str
    display_name: str
    phone: str
    gender: str
    hire_date: str
    department: str
    team: str
    roles: tuple[str, ...]
    personal_limit: int
    version: int = 1
    state: str = "active"
    claims_blocked: bool = False


ELSEWHERE = frozenset({"state", "claims_blocked"})
"""What departures and violations change, not the directory."""
CHANGEABLE = frozenset(Staff.__slots__) - {"staff_id", "version"} - ELSEWHERE


def create_staff(uow: UnitOfWork, person: Staff) -> Staff:
    """Add a person with an empty library; refused when the id is taken or a field is not valid."""
    _require_manager(uow)
    created = replace(person, staff_id=person.staff_id or uow.new_id(), version=1)
    _check(created, uow.today())
    taken = sa.select(_t.c.staff_id).where(_t.c.staff_id == created.staff_id)
    if uow.one(taken) is not None:
        raise STAFF_EXISTS.refuse(staff_id=created.staff_id)
    uow.execute(_t.insert(), _row(created, uow))
    counter = {"staff_id": created.staff_id, "used": 0, "held": 0}
    uow.execute(quota_counter.insert(), counter)
    _announce(uow, created)
    return created


def update_staff(uow: UnitOfWork, person: Staff, fields: set[str], etag: int | None) -> Staff:
    """Change `fields` of a person; refused as STALE when `etag` is not the stored version.

    Refused when a field is not CHANGEABLE. Whoever moves within the department keeps every customer
    (H-6.2a). A lowered limit takes nothing away: what is held stays,
    additions are refused until below.
    """
    _require_manager(uow)
    if unknown := sorted(fields - CHANGEABLE):
        violation = STAFF_FIELD_UNKNOWN.violate("fields", unknown=", ".join(unknown))
        raise STAFF_INVALID.refuse(violations=[violation], count=1)
    stored = find(uow, person.staff_id)
    if etag is not None and stored.version != etag:
        raise STALE.refuse()
    values = {name: getattr(person, name) for name in fields & CHANGEABLE}
    changed = replace(stored, **values, version=stored.version + 1)
    _check(changed, uow.today())
    same = (_t.c.staff_id == changed.staff_id) & (_t.c.version == stored.version)
    if uow.execute(_t.update().where(same).values(**_row(changed, uow))).rowcount == 0:
        raise STALE.refuse()
    if (stored.department, stored.team) != (changed.department, changed.team):
        _keep_move(uow, stored, changed)
    _announce(uow, changed)
    return changed


def depart(uow: UnitOfWork, person: Staff, kind: str) -> bool:
    """Mark a person as departed or moved out; False when the person was changed meanwhile."""
    same = (_t.c.staff_id == person.staff_id) & (_t.c.version == person.version)
    state = "moved_out" if kind == "moved_out" else "departed"
    values = {"state": state, "version": person.version + 1, "updated_at": uow.now}
    return uow.execute(_t.update().where(same).values(**values)).rowcount == 1


def read_staff(uow: UnitOfWork, staff_id: str) -> Staff:
    """Return a person; everybody may read themselves, others need policy's permission."""
    if staff_id in ("me", uow.actor.staff_id):
        return find(uow, uow.actor.staff_id)
    if not uow.actor.has(SYSTEM):
        uow.policy(OwnershipPolicy).rules.staff.read.require(uow.actor)
    return find(uow, staff_id)


def _require_manager(uow: UnitOfWork) -> None:
    uow.policy(OwnershipPolicy).rules.staff.manage.require(uow.actor)


def find(uow: UnitOfWork, staff_id: str) -> Staff:
    """Return a person; refused when unknown."""
    row = uow.one(sa.select(_t).where(_t.c.staff_id == staff_id))
    if row is None:
        raise STAFF_UNKNOWN.refuse()
    return of(row)


def _check(person: Staff, today: date) -> None:
    violations: list[Violation] = [
        STAFF_FIELD_REQUIRED.violate(f"staff.{name}")
        for name in ("display_name", "hire_date", "department", "roles")
        if not getattr(person, name)
    ]
    if person.hire_date and not _is_hire_date(person.hire_date, today):
        violations.append(STAFF_HIRE_DATE.violate("staff.hire_date"))
    if violations:
        raise STAFF_INVALID.refuse(violations=violations, count=len(violations))


def _is_hire_date(text: str, today: date) -> bool:
    try:
        hired = date.fromisoformat(text)
    except ValueError:
        return False
    return hired.isoformat() == text and (hired - today).days <= 365


def _row(person: Staff, uow: UnitOfWork) -> dict[str, Any]:
    row = {name: getattr(person, name) for name in Staff.__slots__ if name not in ELSEWHERE}
    hired = date.fromisoformat(person.hire_date)
    return row | {"roles": list(person.roles), "hire_date": hired, "updated_at": uow.now}


def of(row: Any) -> Staff:
    """Return the person that a row of the directory holds."""
    values = {name: row[name] for name in Staff.__slots__}
    return Staff(
        **values | {"roles": tuple(row["roles"]), "hire_date": row["hire_date"].isoformat()}
    )


def _keep_move(uow: UnitOfWork, before: Staff, after: Staff) -> None:
    """Keep that a person moved, and by which rule the customers stay."""
    rule = uow.policy(OwnershipPolicy).rules.departure.keeps_library
    facts = {
        "from": f"{before.department}/{before.team}",
        "to": f"{after.department}/{after.team}",
    }
    decision = Decision(
        "move_staff",
        "moved",
        "KEEPS_LIBRARY",
        rule.clause,
        rule.say,
        facts,
        concerned=(after.staff_id,),
    )
    uow.record(decision, after.staff_id)


def _announce(uow: UnitOfWork, person: Staff) -> None:
    data = {
        "staff_id": person.staff_id,
        "display_name": person.display_name,
        "department": person.department,
        "team": person.team,
        "roles": list(person.roles),
        "hire_date": person.hire_date,
    }
    uow.emit(Event(CHANGED, person.staff_id, data))
