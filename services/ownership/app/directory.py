"""Who there is: colleagues for everybody, the directory with quotas for whom policy names."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from chassis import keysets
from chassis.kernel import Identity
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.unit import UnitOfWork
from services.ownership.app.availability import available
from services.ownership.app.queries import Quota, quotas_of
from services.ownership.app.staff import Staff, of
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import people
from services.ownership.store.people import Colleague
from services.ownership.store.tables import quota_counter as _q
from services.ownership.store.tables import staff as _s

Sorting = Literal["name", "team", "hire_date", "used_count"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people; what is empty or None does not matter."""

    ids: Sequence[str] = ()
    query: str = ""
    department: str = ""
    team: str = ""
    role: str = ""
    state: str = ""
    receiving: bool | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A person of the directory, with the quota if the caller may know it."""

    person: Staff
    quota: Quota | None
    keys: Keys


def list_colleagues(
    uow: UnitOfWork, wanted: Wanted, after: list[Any] | None, limit: int
) -> list[tuple[Colleague, Keys]]:
    """Return people by name, as everybody may know them."""
    listed = sa.select(*people.columns(_s)).where(*_filters(uow, wanted))
    order = Order((_s.c.display_name, _s.c.staff_id))
    found = keysets.read(uow, listed, order, after, limit)
    return [(people.colleague(row), keysets.keys(row)) for row in found]


def list_staff(
    uow: UnitOfWork,
    wanted: Wanted,
    order: Sorting,
    *,
    descending: bool,
    after: list[Any] | None,
    limit: int,
) -> tuple[list[Entry], Total]:
    """Return a page of the directory, and how many there are altogether."""
    uow.policy(OwnershipPolicy).rules.staff.read.require(uow.actor)
    listed = (
        sa.select(_s).outerjoin(_q, _q.c.staff_id == _s.c.staff_id).where(*_filters(uow, wanted))
    )
    used = sa.func.coalesce(_q.c.used, 0, type_=sa.Integer)
    columns: dict[Sorting, tuple[sa.ColumnElement[Any], ...]] = {
        "name": (_s.c.display_name,),
        "team": (_s.c.department, _s.c.team, _s.c.display_name),
        "hire_date": (_s.c.hire_date,),
        "used_count": (used,),
    }
    by = Order((*columns[order], _s.c.staff_id), descending)
    rows = keysets.read(uow, listed, by, after, limit)
    found = [(of(row), keysets.keys(row)) for row in rows]
    quotas = quotas_of(uow, [one.staff_id for one, _ in found if _quota_visible(uow, one)])
    entries = [Entry(one, quotas.get(one.staff_id), keys) for one, keys in found]
    return entries, keysets.count(uow, listed)


def _quota_visible(uow: UnitOfWork, person: Staff) -> bool:
    """Whether the caller may know the quota of a person, and the person has one."""
    rules = uow.policy(OwnershipPolicy).rules
    there = person.department, person.team
    who = Identity(person.staff_id, person.display_name, frozenset(person.roles), *there)
    if not rules.claim.permission.allows(who, *there):
        return False
    return (
        person.staff_id == uow.actor.staff_id
        or rules.staff.manage.allows(uow.actor)
        or rules.library.readers.allows(uow.actor, *there)
    )


def _filters(uow: UnitOfWork, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.ids:
        mine = uow.actor.staff_id
        conditions.append(_s.c.staff_id.in_([mine if i == "me" else i for i in wanted.ids]))
    if wanted.query:
        conditions.append(_s.c.display_name.icontains(wanted.query, autoescape=True))
    for column, text in (
        (_s.c.department, wanted.department),
        (_s.c.team, wanted.team),
        (_s.c.state, wanted.state),
    ):
        if text:
            conditions.append(column == text)
    if wanted.role:
        told = sa.cast(_s.c.roles, sa.Text)
        conditions.append(told.contains(json.dumps(wanted.role), autoescape=True))
    if wanted.receiving is not None:
        receivers = _s.c.staff_id.in_(list(available(uow, uow.today()).free))
        conditions.append(receivers if wanted.receiving else ~receivers)
    return conditions
