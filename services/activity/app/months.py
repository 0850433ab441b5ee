"""Months end: unmaintained online customers are named, and every person's sums are frozen."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.kernel import Event, Received
from chassis.unit import UnitOfWork
from services.activity.app.evidence import month_bounds
from services.activity.app.notices import Notification, notify_all
from services.activity.domain.policy import ActivityPolicy
from services.activity.store import sums
from services.activity.store.follow_ups import JOINED, STANDING
from services.activity.store.month_tables import month_close as _m
from services.activity.store.month_tables import month_summary
from services.activity.store.month_tables import unmaintained as _u
from services.activity.store.tables import colleague, custody, follow_up, summary

UNMAINTAINED = "crm.activity.customer.unmaintained.v1"
BATCH = 500


def begin_close(uow: UnitOfWork, event: Received) -> None:
    """Note that a month has ended; `close_months` does the rest, batch by batch."""
    month = str(event.data["date"])[:7]
    row = {"month": month, "stage": "customers", "reached": "", "changed_at": uow.now}
    uow.execute(upsert(uow.connection.dialect.name, _m).on_conflict_do_nothing(), row)


def close_months(uow: UnitOfWork) -> None:
    """Take the next batch of the oldest month that is being closed; a short one ends its stage.

    Where it stopped is kept with what it did, so it goes on after any interruption.
    """
    waiting = sa.select(_m).where(_m.c.stage != "done").order_by(_m.c.month).limit(1)
    row = uow.one(waiting.with_for_update(skip_locked=True))
    if row is None:
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


def _name_unmaintained(uow: UnitOfWork, month: str, reached: str) -> str:
    """Name the customers of a batch that were not maintained (H-6.6a); return the last one seen.

    Empty when the batch was the last.
    """
    begin, end = month_bounds(uow, month)
    policy = uow.policy(ActivityPolicy).rules
    held = (
        sa.select(summary.c.customer_id, summary.c.full_name, custody.c.holder_id)
        .select_from(summary.join(custody, custody.c.customer_id == summary.c.customer_id))
        .where(
            summary.c.category.in_(policy.online.categories.value),
            summary.c.customer_id > reached,
            custody.c.holder_id != "",
            custody.c.held_since < end,
        )
        .order_by(summary.c.customer_id)
        .limit(BATCH)
    )
    batch = uow.execute(held).all()
    ids = [row.customer_id for row in batch]
    maintained = (
        sa.select(follow_up.c.customer_id)
        .distinct()
        .select_from(JOINED)
        .where(
            follow_up.c.customer_id.in_(ids),
            follow_up.c.recorded_at >= begin,
            follow_up.c.recorded_at < end,
            STANDING,
        )
    )
    cared = set(uow.execute(maintained).scalars()) if ids else set()
    missed = [row for row in batch if row.customer_id not in cared]
    _announce(uow, month, missed)
    return ids[-1] if len(ids) == BATCH else ""


def _announce(uow: UnitOfWork, month: str, missed: Sequence[Any]) -> None:
    if not missed:
        return
    rows = [
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
