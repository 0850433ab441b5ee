"""Who can receive a customer: of the people who may hold any, those who are there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from chassis.kernel import Identity
from chassis.unit import UnitOfWork
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import CLAIMS_BLOCKED, STAFF_DEPARTED
from services.ownership.store.rota_tables import staff_leave as _l
from services.ownership.store.tables import staff as _s

DEPARTED = "DEPARTED"
BLOCKED = "CLAIMS_BLOCKED"
ON_LEAVE = "ON_LEAVE"

_PEOPLE = sa.select(
    _s.c.staff_id,
    _s.c.display_name,
    _s.c.roles,
    _s.c.department,
    _s.c.team,
    _s.c.state,
    _s.c.claims_blocked,
).order_by(_s.c.staff_id)


@dataclass(frozen=True, slots=True)
class Receivers:
    """The people who may hold customers, by staff id; `barred` says why some cannot get any now.

    The reasons are DEPARTED, CLAIMS_BLOCKED and ON_LEAVE, the gravest one for each.
    """

    people: Mapping[str, Identity]
    barred: Mapping[str, str]

    @property
    def free(self) -> dict[str, Identity]:
        """Return those who can receive a customer."""
        return {key: who for key, who in self.people.items() if key not in self.barred}


def available(uow: UnitOfWork, day: date) -> Receivers:
    """Return who can receive a customer on a day (of the policy's time zone), and who cannot."""
    permission = uow.policy(OwnershipPolicy).rules.claim.permission
    people: dict[str, Identity] = {}
    barred: dict[str, str] = {}
    away = on_leave(uow, day)
    for row in uow.execute(_PEOPLE).mappings():
        who = _identity(row)
        if not permission.allows(who, who.department, who.team):
            continue
        people[who.staff_id] = who
        if row["state"] != "active":
            barred[who.staff_id] = DEPARTED
        elif row["claims_blocked"]:
            barred[who.staff_id] = BLOCKED
        elif who.staff_id in away:
            barred[who.staff_id] = ON_LEAVE
    return Receivers(people, barred)


def active(uow: UnitOfWork) -> list[Identity]:
    """Return everybody who has not departed, by staff id."""
    return [_identity(row) for row in uow.execute(_PEOPLE.where(_s.c.state == "active")).mappings()]


def on_leave(uow: UnitOfWork, day: date) -> set[str]:
    """Return who is on leave on a day."""
    away = sa.select(_l.c.staff_id).where(
        _l.c.first_day <= day, _l.c.last_day >= day, ~_l.c.cancelled
    )
    return set(uow.execute(away).scalars())


def require_receiver(uow: UnitOfWork, staff_id: str) -> None:
    """Refuse somebody who has left (STAFF_DEPARTED), or whose claims are blocked (H-6.1d)."""
    row = uow.one(sa.select(_s.c.state, _s.c.claims_blocked).where(_s.c.staff_id == staff_id))
    rules = uow.policy(OwnershipPolicy).rules
    if row is not None and row["state"] != "active":
        raise STAFF_DEPARTED.refuse(clause=rules.departure.frozen.clause)
    if row is not None and row["claims_blocked"]:
        raise CLAIMS_BLOCKED.refuse(clause=rules.claim.blocked.clause)


def has_departed(uow: UnitOfWork, staff_id: str) -> bool:
    """Whether a person has left, or moved out of sales."""
    row = uow.one(sa.select(_s.c.state).where(_s.c.staff_id == staff_id))
    return row is not None and row["state"] != "active"


def _identity(row: sa.RowMapping) -> Identity:
    roles = frozenset(row["roles"])
    return Identity(row["staff_id"], row["display_name"], roles, row["department"], row["team"])
