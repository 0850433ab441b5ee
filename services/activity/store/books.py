"""The book of each customer: when it was last validly followed up, and until when it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.db import Again
from chassis.unit import UnitOfWork
from services.activity.store.tables import custody, follow_up, follow_up_void
from services.activity.store.tables import customer_activity as _t
from services.activity.store.task_tables import task


@dataclass(frozen=True, slots=True)
class Book:
    """A customer's book, and what goes with it: who holds the customer, whether there are tasks."""

    last_valid_at: datetime | None
    settled_until: datetime | None
    holder_id: str | None
    has_tasks: bool


_LOCK = (
    sa.select(
        _t.c.last_valid_at,
        _t.c.settled_until,
        custody.c.holder_id,
        sa.exists()
        .where(task.c.customer_id == _t.c.customer_id, task.c.state == "open")
        .correlate(_t)
        .label("has_tasks"),
    )
    .select_from(_t.outerjoin(custody, custody.c.customer_id == _t.c.customer_id))
    .where(_t.c.customer_id == sa.bindparam("wanted"))
    .with_for_update(of=_t)
)
_OPEN = (
    _t.update()
    .where(
        _t.c.customer_id == sa.bindparam("wanted"),
        sa.or_(_t.c.settled_until.is_(None), _t.c.settled_until <= sa.bindparam("moment")),
    )
    .values(last_valid_at=sa.bindparam("last"))
)
_STANDING = follow_up.c.valid & ~sa.exists().where(
    follow_up_void.c.follow_up_id == follow_up.c.follow_up_id
).correlate(follow_up)
_LAST = sa.select(sa.func.max(follow_up.c.recorded_at)).where(
    follow_up.c.customer_id == sa.bindparam("wanted"), _STANDING
)
_LAST_BEFORE = _LAST.where(follow_up.c.recorded_at < sa.bindparam("until"))


def lock(uow: UnitOfWork, customer_id: str) -> Book:
    """Keep a customer's book for this transaction.

    Raises Again when the book is closed beyond `now`: what is written then has a later time.
    """
    row = uow.one(_LOCK, {"wanted": customer_id})
    if row is None:
        insert = upsert(uow.connection.dialect.name, _t).on_conflict_do_nothing()
        uow.execute(insert, {"customer_id": customer_id})
        row = uow.one(_LOCK, {"wanted": customer_id})
        assert row is not None
    if row["settled_until"] and row["settled_until"] > uow.now:
        raise Again
    return Book(**row)


def enter(uow: UnitOfWork, customer_id: str, last_valid_at: datetime) -> None:
    """Enter a valid follow-up of now; raises Again when the book was closed meanwhile."""
    values = {"wanted": customer_id, "moment": uow.now, "last": last_valid_at}
    if uow.execute(_OPEN, values).rowcount == 0:
        raise Again


def recount(uow: UnitOfWork, customer_id: str) -> datetime | None:
    """Find the last valid follow-up again, after one was made void; return it."""
    last: datetime | None = uow.execute(_LAST, {"wanted": customer_id}).scalar()
    uow.execute(_t.update().where(_t.c.customer_id == customer_id), {"last_valid_at": last})
    return last


def settle(
    uow: UnitOfWork, windows: Mapping[str, tuple[datetime | None, datetime]]
) -> dict[str, datetime]:
    """Close books, and return the last valid follow-up in (after, until) where there is one.

    Customers are locked in the order of their ids, so that two callers cannot deadlock.
    """
    insert = upsert(uow.connection.dialect.name, _t)
    later = sa.or_(_t.c.settled_until.is_(None), _t.c.settled_until < insert.excluded.settled_until)
    close = insert.on_conflict_do_update(
        index_elements=["customer_id"],
        set_={
            "settled_until": sa.case(
                (later, insert.excluded.settled_until), else_=_t.c.settled_until
            )
        },
    ).returning(_t.c.customer_id, _t.c.last_valid_at)
    rows = [
        {"customer_id": customer_id, "settled_until": windows[customer_id][1]}
        for customer_id in sorted(windows)
    ]
    found = {}
    for row in uow.execute(close, rows).all():
        after, until = windows[row.customer_id]
        last = row.last_valid_at
        if last and last >= until:
            values = {"wanted": row.customer_id, "until": until}
            last = uow.execute(_LAST_BEFORE, values).scalar()
        if last and (after is None or last > after):
            found[row.customer_id] = last
    return found
