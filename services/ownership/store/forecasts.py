"""Positions counted as a reclaim run would find them later, under either of two rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.domain.forecast import Tally
from services.ownership.domain.run_policy import ReclaimRules
from services.ownership.store.deadlines import passed, shown
from services.ownership.store.positions import Position
from services.ownership.store.tables import position as _p

_HELD = _p.c.holder_id.is_not(None)
"""Whoever has a holder lies in a library, and nothing else has a deadline."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The run, and by what it takes customers: now, and under the drafts.

    `by_basis`: under the drafts deadlines are others, and a customer is due by the run if its basis
    lies before `basis_before` (none is, without that); else it is due when its deadline says so.
    """

    run_at: datetime
    in_force: ReclaimRules
    draft: ReclaimRules
    by_basis: bool
    basis_before: datetime | None

    @property
    def due_by_either(self) -> sa.ColumnElement[bool]:
        """A condition of what is taken by either that an index may answer."""
        if not self.by_basis:
            return _p.c.due_at <= self.run_at
        return _p.c.due_at.is_not(None)

    @property
    def taken_now(self) -> sa.ColumnElement[bool]:
        """The condition that the run takes a customer under the policy in force."""
        return sa.func.coalesce(passed(self.in_force, self.run_at), sa.false())

    @property
    def taken_then(self) -> sa.ColumnElement[bool]:
        """The condition that the run takes a customer under the drafts."""
        if not self.by_basis:
            due = passed(self.draft, self.run_at)
        elif self.basis_before is None:
            due = sa.false()
        else:
            due = sa.and_(_p.c.due_basis_at < self.basis_before, shown(self.draft))
        return sa.func.coalesce(due, sa.false())


def tallies(uow: UnitOfWork, outlook: Outlook) -> dict[str, Tally]:
    """Count what would be taken, by holder.

    By announced deadlines an index finds it; by the basis of deadlines it takes one scan.
    """
    now, then = outlook.taken_now, outlook.taken_then
    held = sa.select(_p.c.holder_id, sa.func.count().label("held")).where(_HELD)
    holdings = uow.execute(held.group_by(_p.c.holder_id))
    found = {row.holder_id: Tally(holdings=row.held) for row in holdings}
    taken = [
        sa.func.sum(sa.case((condition, 1), else_=0)).label(name)
        for name, condition in (
            ("in_force", now),
            ("draft", then),
            ("newly", sa.and_(then, ~now)),
            ("spared", sa.and_(now, ~then)),
        )
    ]
    counted = sa.select(_p.c.holder_id, *taken).where(outlook.due_by_either)
    for row in uow.execute(counted.group_by(_p.c.holder_id)).mappings():
        counts = {name: int(row[name]) for name in ("in_force", "draft", "newly", "spared")}
        found[row["holder_id"]] = replace(found[row["holder_id"]], **counts)
    return found


def held(uow: UnitOfWork, customer_ids: Sequence[str]) -> list[Position]:
    """Return those of these customers that lie in libraries."""
    found = sa.select(_p).where(_HELD, _p.c.customer_id.in_(customer_ids))
    return [Position(**row) for row in uow.execute(found).mappings()]


def sample(uow: UnitOfWork, outlook: Outlook, limit: int, *, newly: bool) -> list[Position]:
    """Return the first that would be taken, or taken under the drafts only."""
    taken = sa.and_(outlook.taken_then, ~outlook.taken_now) if newly else outlook.taken_now
    some = sa.select(_p).where(outlook.due_by_either, taken).order_by(_p.c.customer_id)
    return [Position(**row) for row in uow.execute(some.limit(limit)).mappings()]
