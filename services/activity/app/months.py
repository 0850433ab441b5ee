"""Months end: unmaintained online customers are named, and every person's sums are frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.kernel import Event, Received
from chassis.unit import UnitOfWork
from services.activity.app.evidence import local_day, month_bounds
from services.activity.app.notices import Notification, notify_all
from services.activity.domain.policy import ActivityPolicy
from services.activity.store import books, sums
from services.activity.store.follow_ups import FollowUp
from services.activity.store.month_tables import month_close as _m
from services.activity.store.month_tables import month_summary
from services.activity.store.month_tables import unmaintained as _u
from services.activity.store.tables import colleague, custody, summary

UNMAINTAINED = "crm.activity.customer.unmaintained.v1"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Missed:
    """A customer, and who answers for its maintenance."""

    customer_id: str
    full_name: str
    holder_id: str


def begin_close(uow: UnitOfWork, event: Received) -> None:
    """Note that a month has ended; `close_months` does the rest, batch by batch."""
    month = str(event.data["date"])[:7]
    row = {"month": month, "stage": "customers", "reached": "", "changed_at": uow.now}
    uow.execute(upsert(uow.connection.dialect.name, _m).on_conflict_do_nothing(), row)


def close_months(uow: UnitOfWork) -> None:
    """Take the next batch of the oldest month that is being closed; a short one ends its stage.

    Where it stopped is kept with what it did, so it goes on after any interruption. Nothing is
    done before the month has ended by this service's own clock.
    """
    waiting = sa.select(_m).where(_m.c.stage != "done").order_by(_m.c.month).limit(1)
    row = uow.one(waiting.with_for_update(skip_locked=True))
    if row is None or month_bounds(uow, row["month"])[1] > uow.now:
        return
    month, stage, reached = row["month"], row["stage"], row["reached"]
    while stage != "done":
        work = _name_unmaintained if stage == "customers" else _freeze
        last = work(uow, month, reached)
        if last:
            reached = last
            break
        stage, reached = ("people" if stage == "customers" else "done"), ""
    values = {"stage": stage, "reached": reached, "changed_at": uow.now}
    uow.execute(_m.update().where(_m.c.month == month), values)


def reconsider(uow: UnitOfWork, found: FollowUp) -> None:
    """Look again at a month that was closed with a follow-up that has become void since.

    Whoever holds the customer since that month answers for it, else the author, who held it then.
    """
    month = f"{local_day(uow, found.recorded_at):%Y-%m}"
    row = uow.one(sa.select(_m.c.stage, _m.c.reached).where(_m.c.month == month))
    if row is None or (row["stage"] == "customers" and row["reached"] < found.customer_id):
        return
    _, end = month_bounds(uow, month)
    known = uow.one(_held(uow).where(summary.c.customer_id == found.customer_id))
    if known is None:
        return
    still = known["holder_id"] and known["held_since"] < end
    holder_id = known["holder_id"] if still else found.author_id
    missed = Missed(found.customer_id, known["full_name"], holder_id)
    _announce(uow, month, _unmaintained(uow, month, [missed]))


def _name_unmaintained(uow: UnitOfWork, month: str, reached: str) -> str:
    """Name the customers of a batch that were not maintained (H-6.6a); return the last one seen.

    Empty when the batch was the last.
    """
    _, end = month_bounds(uow, month)
    held = (
        _held(uow)
        .where(
            summary.c.customer_id > reached,
            custody.c.holder_id != "",
            custody.c.held_since < end,
        )
        .order_by(summary.c.customer_id)
        .limit(BATCH)
    )
    rows = uow.execute(held).all()
    batch = [Missed(row.customer_id, row.full_name, row.holder_id) for row in rows]
    _announce(uow, month, _unmaintained(uow, month, batch))
    return batch[-1].customer_id if len(batch) == BATCH else ""


def _held(uow: UnitOfWork) -> sa.Select[Any]:
    """Select the customers that policy wants maintained, with their holders."""
    categories = uow.policy(ActivityPolicy).rules.online.categories.value
    return (
        sa.select(
            summary.c.customer_id,
            summary.c.full_name,
            custody.c.holder_id,
            custody.c.held_since,
        )
        .select_from(summary.join(custody, custody.c.customer_id == summary.c.customer_id))
        .where(summary.c.category.in_(categories))
    )


def _unmaintained(uow: UnitOfWork, month: str, batch: Sequence[Missed]) -> list[Missed]:
    """Return those of a batch without a valid follow-up in the month, which is closed for them."""
    begin, end = month_bounds(uow, month)
    window = (begin - timedelta(microseconds=1), end)
    maintained = books.settle(uow, {one.customer_id: window for one in batch}) if batch else {}
    ids = [one.customer_id for one in batch]
    named = sa.select(_u.c.customer_id).where(_u.c.month == month, _u.c.customer_id.in_(ids))
    known = set(uow.execute(named).scalars()) | maintained.keys()
    return [one for one in batch if one.customer_id not in known]


def _announce(uow: UnitOfWork, month: str, missed: Sequence[Missed]) -> None:
    if not missed:
        return
    rows: list[dict[str, Any]] = [
        {
            "customer_id": row.customer_id,
            "month": month,
            "holder_id": row.holder_id,
            "recorded_at": uow.now,
        }
        for row in missed
    ]
    uow.execute(_u.insert(), rows)
    facts = [{name: row[name] for name in ("customer_id", "holder_id", "month")} for row in rows]
    ids = uow.emit_all([Event(UNMAINTAINED, fact["customer_id"], fact) for fact in facts])
    about = [
        Notification(
            source_id=event_id,
            subject_id=month,
            figures={"full_name": row.full_name, "month": month},
            staff_id=row.holder_id,
            customer_id=row.customer_id,
        )
        for event_id, row in zip(ids, missed, strict=True)
    ]
    notify_all(uow, uow.policy(ActivityPolicy).rules.tasks.unmaintained, about)


def _freeze(uow: UnitOfWork, month: str, reached: str) -> str:
    """Freeze the sums of a batch of people; return the last, empty when there is no more."""
    people = (
        sa.select(colleague.c.staff_id)
        .where(colleague.c.staff_id > reached)
        .order_by(colleague.c.staff_id)
        .limit(BATCH)
    )
    ids = list(uow.execute(people).scalars())
    figures = sums.of_people(uow, ids, month, *month_bounds(uow, month))
    rows = [
        {"month": month, "staff_id": who, "figures": figures[who], "frozen_at": uow.now}
        for who in ids
    ]
    if rows:
        insert = upsert(uow.connection.dialect.name, month_summary)
        uow.execute(insert.on_conflict_do_nothing(), rows)
    return ids[-1] if len(ids) == BATCH else ""
