"""Positions: one row per customer, moved only by conditional updates, every move kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.domain.places import Location
from services.ownership.store import people
from services.ownership.store.tables import position as _t
from services.ownership.store.tables import position_change, release, staff


@dataclass(frozen=True, slots=True)
class Position:
    """Where a customer is. Times are UTC."""

    customer_id: str
    full_name: str
    category: str
    summary_sequence: int
    location: str
    holder_id: str | None
    case_id: str | None
    counted: bool
    protected_at: datetime | None
    arrived_at: datetime
    releaser_count: int
    due_at: datetime | None
    """When the customer is to be reclaimed, as the scheduler computed it."""
    due_basis_at: datetime | None
    """The protection or follow-up that `due_at` was counted from."""
    clock_version: int
    """The newest announcement of the scheduler that was taken over."""
    freeze_count: int
    """How many disputes and departures hold the customer where it is."""
    thawed_at: datetime | None = None
    """When the last freeze, or an undone reclaim, ended: a deadline before it knows of no pause."""


_BY_ID = sa.select(_t).where(_t.c.customer_id == sa.bindparam("customer_id"))


def of(row: sa.RowMapping) -> Position:
    """Return the position that a row holds, whatever else it holds."""
    return Position(**{name: row[name] for name in Position.__slots__})


def read(uow: UnitOfWork, customer_id: str) -> Position | None:
    """Return a customer's position."""
    row = uow.one(_BY_ID, {"customer_id": customer_id})
    return Position(**row) if row else None


def add(uow: UnitOfWork, position: Position) -> None:
    """Add the position of a customer that is new to us."""
    values = {name: getattr(position, name) for name in position.__slots__}
    uow.execute(_t.insert(), values)


def update(
    uow: UnitOfWork, customer_id: str, expected: dict[str, Any], values: dict[str, Any]
) -> bool:
    """Change a position if it still is as `expected`; False when it is not."""
    condition = [_t.c.customer_id == customer_id]
    condition += [_t.c[name].is_not_distinct_from(value) for name, value in expected.items()]
    return uow.execute(_t.update().where(*condition).values(**values)).rowcount == 1


def update_all(uow: UnitOfWork, customer_ids: Sequence[str], values: dict[str, Any]) -> None:
    """Change positions that this transaction has locked."""
    uow.execute(_t.update().where(_t.c.customer_id.in_(customer_ids)).values(**values))


def lock(uow: UnitOfWork, customer_ids: Sequence[str]) -> list[Position]:
    """Lock positions in the order of their ids, as everybody does, and return them."""
    locked = (
        sa.select(_t)
        .where(_t.c.customer_id.in_(customer_ids))
        .order_by(_t.c.customer_id)
        .with_for_update()
    )
    return [Position(**row) for row in uow.execute(locked).mappings()]


def keep_change(
    uow: UnitOfWork,
    customer_id: str,
    before: Position | None,
    to: tuple[Location, str],
    manner: str,
    clause: str,
    decision_id: str,
) -> None:
    """Keep a move in the history."""
    keep_changes(uow, [(customer_id, before, to, manner, clause, decision_id)])


Change = tuple[str, Position | None, tuple[Location, str], str, str, str]
"""Customer, position before, (location, holder) after, manner, clause, decision."""


def keep_changes(uow: UnitOfWork, changes: Sequence[Change]) -> None:
    """Keep moves in the history."""
    rows = [
        {
            "customer_id": customer_id,
            "from_location": before.location if before else "",
            "from_holder_id": (before.holder_id or "") if before else "",
            "to_location": to[0].value,
            "to_holder_id": to[1],
            "manner": manner,
            "clause": clause,
            "actor_id": uow.actor.staff_id,
            "decision_id": decision_id,
            "changed_at": uow.now,
        }
        for customer_id, before, to, manner, clause, decision_id in changes
    ]
    uow.execute(position_change.insert(), rows)


def last_change(uow: UnitOfWork, customer_id: str) -> sa.RowMapping | None:
    """Return a customer's newest move."""
    newest = (
        sa.select(position_change)
        .where(position_change.c.customer_id == customer_id)
        .order_by(position_change.c.change.desc())
        .limit(1)
    )
    return uow.one(newest)


def last_changes(uow: UnitOfWork, customer_ids: Sequence[str]) -> dict[str, sa.RowMapping]:
    """Return the newest move of customers, with who held each before, by customer id."""
    _c = position_change.c
    newest = sa.select(sa.func.max(_c.change)).where(_c.customer_id.in_(customer_ids))
    listed = (
        sa.select(_c.customer_id, _c.manner, _c.from_holder_id, *people.columns(staff))
        .select_from(position_change)
        .outerjoin(staff, staff.c.staff_id == _c.from_holder_id)
        .where(_c.change.in_(newest.group_by(_c.customer_id)))
    )
    return {row["customer_id"]: row for row in uow.execute(listed).mappings()}


def count_uncounted(uow: UnitOfWork, staff_ids: Sequence[str]) -> dict[str, int]:
    """Count what people hold that takes no slot, by staff id."""
    uncounted = sa.select(_t.c.holder_id, sa.func.count().label("customers")).where(
        _t.c.holder_id.in_(staff_ids), ~_t.c.counted
    )
    found = uow.execute(uncounted.group_by(_t.c.holder_id))
    return {row.holder_id: row.customers for row in found}


def entered_at(uow: UnitOfWork, customer_id: str) -> datetime | None:
    """Return when a customer first got a position; None without a history."""
    _c = position_change.c
    first = sa.select(sa.func.min(_c.changed_at)).where(_c.customer_id == customer_id)
    found: datetime | None = uow.execute(first).scalar()
    return found


def protected_by_others(uow: UnitOfWork, customer_ids: list[str], staff_id: str) -> bool:
    """Whether any of these customers lies in the library of someone else."""
    if not customer_ids:
        return False
    held = sa.select(_t.c.customer_id).where(
        _t.c.customer_id.in_(customer_ids),
        _t.c.holder_id.is_not(None),
        _t.c.holder_id != staff_id,
    )
    return uow.one(held.limit(1)) is not None


def last_releases(
    uow: UnitOfWork, customer_ids: Sequence[str], staff_id: str
) -> dict[str, datetime]:
    """Return when a person last gave customers up, by customer id; without those never held."""
    _r = release.c
    latest = sa.select(_r.customer_id, sa.func.max(_r.released_at).label("released_at")).where(
        _r.customer_id.in_(customer_ids), _r.staff_id == staff_id
    )
    return {
        row.customer_id: row.released_at for row in uow.execute(latest.group_by(_r.customer_id))
    }


def releasers(uow: UnitOfWork, customer_id: str) -> set[str]:
    """Return everybody who ever gave a customer up."""
    who = sa.select(release.c.staff_id).where(release.c.customer_id == customer_id)
    return set(uow.execute(who).scalars())
