"""Freezes: rows by cause and reference, counted on the position."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.store.run_tables import freeze as _t
from services.ownership.store.tables import position

_ON = _t.c.ended_at.is_(None)
_MINE = (
    (_t.c.customer_id == sa.bindparam("customer"))
    & (_t.c.cause == sa.bindparam("of_cause"))
    & (_t.c.reference_id == sa.bindparam("of_reference"))
)


def lock(uow: UnitOfWork, customer_ids: Sequence[str]) -> list[sa.RowMapping]:
    """Lock positions in one order, so that two who freeze cannot wait for each other."""
    locked = (
        sa.select(position.c.customer_id, position.c.holder_id, position.c.freeze_count)
        .where(position.c.customer_id.in_(customer_ids))
        .order_by(position.c.customer_id)
        .with_for_update()
    )
    return list(uow.execute(locked).mappings())


def since(uow: UnitOfWork, customer_ids: Sequence[str]) -> dict[str, datetime]:
    """Return since when each of the customers that are frozen has been so without a break."""
    began = sa.select(_t.c.customer_id, sa.func.min(_t.c.frozen_since).label("since")).where(
        _ON, _t.c.customer_id.in_(customer_ids)
    )
    return {row.customer_id: row.since for row in uow.execute(began.group_by(_t.c.customer_id))}


def begun(
    uow: UnitOfWork, customer_ids: Sequence[str], cause: str, reference_id: str
) -> dict[str, bool]:
    """Return which customers this cause has frozen, and whether it still does."""
    known = sa.select(_t.c.customer_id, _ON.label("still")).where(
        _t.c.customer_id.in_(customer_ids),
        _t.c.cause == cause,
        _t.c.reference_id == reference_id,
    )
    return {row.customer_id: bool(row.still) for row in uow.execute(known)}


def begin(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Add freezes of customers that are locked, and count them."""
    uow.execute(_t.insert(), list(rows))
    _count(uow, [row["customer_id"] for row in rows], 1)


def end(uow: UnitOfWork, customer_ids: Sequence[str], cause: str, reference_id: str) -> None:
    """End freezes of customers that are locked, and count them.

    What was announced as the deadline of one that thaws did not know of the pause.
    """
    keys = [
        {"customer": customer_id, "of_cause": cause, "of_reference": reference_id}
        for customer_id in customer_ids
    ]
    uow.execute(_t.update().where(_MINE, _ON).values(ended_at=uow.now), keys)
    _count(uow, customer_ids, -1)
    thawed = position.update().where(
        position.c.customer_id.in_(customer_ids), position.c.freeze_count == 0
    )
    uow.execute(thawed.values(thawed_at=uow.now, due_at=None, due_basis_at=None))


def causes(uow: UnitOfWork, customer_id: str) -> list[sa.RowMapping]:
    """Return what freezes a customer now, oldest first."""
    why = sa.select(_t).where(_t.c.customer_id == customer_id, _ON).order_by(_t.c.began_at)
    return list(uow.execute(why).mappings())


def _count(uow: UnitOfWork, customer_ids: Sequence[str], more: int) -> None:
    counted = position.update().where(position.c.customer_id.in_(customer_ids))
    uow.execute(counted.values(freeze_count=position.c.freeze_count + more))
