"""Reallocations: plans and their items, each changed only from the state it was seen in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.store.departure_tables import departure as _d
from services.ownership.store.departure_tables import reallocation as _t
from services.ownership.store.departure_tables import reallocation_item as _i
from services.ownership.store.tables import position as _p


@dataclass(frozen=True, slots=True)
class Item:
    """One customer of a plan: to whom or where, and what became of it."""

    customer_id: str
    full_name: str
    to_location: str
    to_staff_id: str
    state: str = "planned"
    reason: str = ""
    decision_id: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A reallocation of customers of one person."""

    reallocation_id: str
    staff_id: str
    department: str
    team: str
    departure_id: str
    reason: str
    state: str
    case_id: str
    proposer_id: str
    proposed_at: datetime
    decided_at: datetime | None = None
    executor_id: str = ""
    executed_at: datetime | None = None


def add(uow: UnitOfWork, plan: Plan, items: list[Item]) -> None:
    """Add a plan; of two for one person at once the second fails on the unique index."""
    uow.execute(_t.insert(), {name: getattr(plan, name) for name in Plan.__slots__})
    of_plan = {"reallocation_id": plan.reallocation_id}
    uow.execute(
        _i.insert(),
        [of_plan | {name: getattr(item, name) for name in Item.__slots__} for item in items],
    )


def read(uow: UnitOfWork, reallocation_id: str) -> Plan | None:
    """Return a plan."""
    row = uow.one(sa.select(_t).where(_t.c.reallocation_id == reallocation_id))
    return Plan(**row) if row else None


def open_of(uow: UnitOfWork, staff_id: str) -> Plan | None:
    """Return the plan of a person that is proposed or approved."""
    row = uow.one(
        sa.select(_t).where(_t.c.staff_id == staff_id, _t.c.state.in_(("proposed", "approved")))
    )
    return Plan(**row) if row else None


def items_of(uow: UnitOfWork, reallocation_id: str, state: str = "") -> list[Item]:
    """Return a plan's items by customer id."""
    found = sa.select(*(_i.c[name] for name in Item.__slots__)).where(
        _i.c.reallocation_id == reallocation_id
    )
    if state:
        found = found.where(_i.c.state == state)
    return [Item(**row) for row in uow.execute(found.order_by(_i.c.customer_id)).mappings()]


def count_customers(uow: UnitOfWork, reallocation_ids: Sequence[str]) -> dict[str, int]:
    """Return how many customers plans have, by plan."""
    counted = sa.select(_i.c.reallocation_id, sa.func.count().label("items")).where(
        _i.c.reallocation_id.in_(reallocation_ids)
    )
    found = uow.execute(counted.group_by(_i.c.reallocation_id))
    return {row.reallocation_id: row.items for row in found}


def count_items(uow: UnitOfWork, reallocation_id: str) -> dict[str, int]:
    """Return how many items are in each state."""
    counted = sa.select(_i.c.state, sa.func.count().label("items")).where(
        _i.c.reallocation_id == reallocation_id
    )
    return {row.state: row.items for row in uow.execute(counted.group_by(_i.c.state))}


def change(uow: UnitOfWork, reallocation_id: str, before: str, **values: Any) -> bool:
    """Change a plan that is in state `before`; False when it is not."""
    same = (_t.c.reallocation_id == reallocation_id) & (_t.c.state == before)
    return uow.execute(_t.update().where(same).values(**values)).rowcount == 1


def settle(uow: UnitOfWork, reallocation_id: str, customer_id: str, **values: Any) -> bool:
    """Change an item that is still planned; False when it is not."""
    same = (_i.c.reallocation_id == reallocation_id) & (_i.c.customer_id == customer_id)
    changed = _i.update().where(same, _i.c.state == "planned")
    return uow.execute(changed.values(settled_at=uow.now, **values)).rowcount == 1


def note_decision(
    uow: UnitOfWork, reallocation_id: str, customer_id: str, decision_id: str
) -> None:
    """Keep the decision that moved an item."""
    same = (_i.c.reallocation_id == reallocation_id) & (_i.c.customer_id == customer_id)
    uow.execute(_i.update().where(same).values(decision_id=decision_id))


def departure_of(uow: UnitOfWork, staff_id: str) -> sa.RowMapping | None:
    """Return the departure of a person."""
    return uow.one(sa.select(_d).where(_d.c.staff_id == staff_id))


def held_by(uow: UnitOfWork, staff_id: str) -> list[sa.RowMapping]:
    """Return what a person holds, by customer id: names and how often frozen."""
    held = sa.select(_p.c.customer_id, _p.c.full_name, _p.c.counted, _p.c.freeze_count)
    held = held.where(_p.c.holder_id == staff_id).order_by(_p.c.customer_id)
    return list(uow.execute(held).mappings())
