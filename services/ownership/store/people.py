"""Who somebody is, as the staff directory has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.kernel import Identity
from chassis.unit import UnitOfWork
from services.ownership.store.tables import staff as _t

_ACTIVE = "active"
_BY_ID = sa.select(
    _t.c.staff_id, _t.c.display_name, _t.c.department, _t.c.team, _t.c.roles, _t.c.state
).where(_t.c.staff_id == sa.bindparam("who"))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as every colleague may know one."""

    staff_id: str
    display_name: str
    department: str
    team: str
    state: str


def columns(source: Any, role: str = "colleague") -> list[sa.ColumnElement[Any]]:
    """Return the columns of `staff`, or an alias of it, that `colleague` reads in this role."""
    return [source.c[name].label(f"{role}_{name}") for name in Colleague.__slots__]


def colleague(row: sa.RowMapping, role: str = "colleague") -> Colleague:
    """Return the person that a row holds in a role."""
    return Colleague(**{name: row[f"{role}_{name}"] for name in Colleague.__slots__})


def colleagues(uow: UnitOfWork, staff_ids: Iterable[str]) -> list[Colleague]:
    """Return the people with some ids by name, without the unknown."""
    wanted = sorted({one for one in staff_ids if one})
    if not wanted:
        return []
    listed = sa.select(*columns(_t)).where(_t.c.staff_id.in_(wanted))
    listed = listed.order_by(_t.c.display_name, _t.c.staff_id)
    return [colleague(row) for row in uow.execute(listed).mappings()]


def find(uow: UnitOfWork, staff_id: str) -> sa.RowMapping | None:
    """Return a person's id, name, department, team and state."""
    return uow.one(_BY_ID, {"who": staff_id})


def is_active(uow: UnitOfWork, staff_id: str) -> bool:
    """Whether this is somebody who works here."""
    row = find(uow, staff_id)
    return row is not None and row["state"] == _ACTIVE


def identity(uow: UnitOfWork, staff_id: str) -> Identity:
    """Return a person as the holder of a customer; raises LookupError when unknown."""
    row = find(uow, staff_id)
    if row is None:
        raise LookupError(f"nobody is called {staff_id}")
    return Identity(
        staff_id, row["display_name"], frozenset(row["roles"]), row["department"], row["team"]
    )
