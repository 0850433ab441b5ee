"""Lists of runs, and of what a run did."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from chassis import keysets
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.unit import UnitOfWork
from services.ownership.app.runs import find
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store.run_tables import run as _t
from services.ownership.store.run_tables import run_item as _i
from services.ownership.store.runs import Run
from services.ownership.store.tables import position as _p

Sorting = Literal["customer_id", "full_name", "staff_id", "outcome"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers of a run, and in which order; what is empty does not matter."""

    outcome: str = ""
    staff_id: str = ""
    query: str = ""
    order: Sorting = "customer_id"
    descending: bool = False


def list_runs(
    uow: UnitOfWork, kind: str, state: str, after: list[Any] | None, limit: int
) -> tuple[list[tuple[Run, Keys]], Total]:
    """Return runs, the newest first, to who may see them; of one kind and state unless empty."""
    uow.policy(OwnershipPolicy).rules.runs.read.require(uow.actor)
    listed = sa.select(_t)
    for column, text in ((_t.c.kind, kind), (_t.c.state, state)):
        if text:
            listed = listed.where(column == text)
    rows = keysets.read(uow, listed, Order((_t.c.started_at, _t.c.run_id), True), after, limit)
    names = Run.__slots__
    found = [(Run(**{name: row[name] for name in names}), keysets.keys(row)) for row in rows]
    return found, keysets.count(uow, listed)


def list_items(
    uow: UnitOfWork, run_id: str, wanted: Wanted, after: list[Any] | None, limit: int
) -> tuple[list[sa.RowMapping], Total]:
    """Return what a run did with customers, with their names, to who may see runs."""
    run = find(uow, run_id)
    listed = (
        sa.select(_i, sa.func.coalesce(_p.c.full_name, "").label("full_name"))
        .outerjoin(_p, _p.c.customer_id == _i.c.customer_id)
        .where(_i.c.run_id == run.run_id)
    )
    if wanted.outcome:
        listed = listed.where(_i.c.outcome == wanted.outcome)
    if wanted.staff_id:
        who = uow.actor.staff_id if wanted.staff_id == "me" else wanted.staff_id
        listed = listed.where(_i.c.staff_id == who)
    if wanted.query:
        listed = listed.where(_p.c.full_name.icontains(wanted.query, autoescape=True))
    columns: dict[Sorting, tuple[sa.ColumnElement[Any], ...]] = {
        "customer_id": (),
        "full_name": (sa.func.coalesce(_p.c.full_name, ""),),
        "staff_id": (_i.c.staff_id,),
        "outcome": (_i.c.outcome,),
    }
    order = Order((*columns[wanted.order], _i.c.customer_id), wanted.descending)
    return keysets.read(uow, listed, order, after, limit), keysets.count(uow, listed)
