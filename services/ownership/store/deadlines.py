"""Deadlines of positions: announced by the scheduler, found when they have passed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.ownership.domain.places import Location
from services.ownership.domain.reclaim import Announced, by_time
from services.ownership.domain.run_policy import ReclaimRules
from services.ownership.store.positions import Position
from services.ownership.store.run_tables import late_deadline as _late
from services.ownership.store.run_tables import run_item as _i
from services.ownership.store.tables import position as _p

_TAKE = (
    _p.update()
    .where(_p.c.customer_id == sa.bindparam("customer"))
    .values(
        due_at=sa.bindparam("due"),
        due_basis_at=sa.bindparam("basis"),
        clock_version=sa.bindparam("version"),
    )
)
_FOLLOWED = (
    _p.update()
    .where(_p.c.customer_id == sa.bindparam("customer"))
    .values(due_at=None, due_basis_at=sa.bindparam("basis"))
)
_PUT_OFF = (
    _p.update()
    .where(_p.c.customer_id == sa.bindparam("customer"))
    .values(due_at=sa.bindparam("due"))
)


def take(uow: UnitOfWork, deadlines: Mapping[str, Announced]) -> None:
    """Put announced deadlines on positions that this transaction has locked."""
    if deadlines:
        rows = [
            {"customer": key, "due": one.due_at, "basis": one.basis_at, "version": one.version}
            for key, one in deadlines.items()
        ]
        uow.execute(_TAKE, rows)


def put_off(uow: UnitOfWork, later: Mapping[str, datetime]) -> None:
    """Put later deadlines on positions that this transaction has locked."""
    if later:
        uow.execute(_PUT_OFF, [{"customer": key, "due": due} for key, due in later.items()])


def forget(uow: UnitOfWork, followed_up: Mapping[str, datetime]) -> None:
    """Take the deadlines of customers away that were followed up; new ones are on their way."""
    if followed_up:
        rows = [{"customer": key, "basis": moment} for key, moment in followed_up.items()]
        uow.execute(_FOLLOWED, rows)


def keep_late(uow: UnitOfWork, deadlines: Mapping[str, Announced]) -> None:
    """Keep deadlines that came too late, the newest of each customer."""
    if not deadlines:
        return
    insert = upsert(uow.connection.dialect.name, _late)
    names = ("party_id", "version", "basis_at", "due_at")
    newest = insert.on_conflict_do_update(
        index_elements=["customer_id"],
        set_={name: insert.excluded[name] for name in names},
        where=_late.c.version < insert.excluded.version,
    )
    rows = [
        {"customer_id": key} | {name: getattr(one, name) for name in names}
        for key, one in deadlines.items()
    ]
    uow.execute(newest, rows)


def pop_late(uow: UnitOfWork, customer_ids: Sequence[str]) -> dict[str, Announced]:
    """Remove the deadlines kept as too late for customers, and return them."""
    gone = _late.delete().where(_late.c.customer_id.in_(customer_ids)).returning(_late)
    return {
        row["customer_id"]: Announced(
            row["party_id"], row["version"], row["basis_at"], row["due_at"]
        )
        for row in uow.execute(gone).mappings().all()
    }


def shown(rules: ReclaimRules) -> sa.ColumnElement[bool]:
    """Return the condition that a customer has a deadline, as `reclaimable` says it.

    A position keeps `due_at` only while it lies in a library.
    """
    if not by_time(rules):
        return sa.false()
    excluded = _p.c.category.in_(rules.exclude_categories.value)
    return sa.and_(_p.c.due_at.is_not(None), _p.c.freeze_count == 0, ~excluded)


def passed(rules: ReclaimRules, now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a customer is to be reclaimed at `now`."""
    return sa.and_(_p.c.due_at <= now, shown(rules))


def first_passed(uow: UnitOfWork, rules: ReclaimRules, run_id: str, limit: int) -> list[Position]:
    """Return customers that are to be reclaimed, the longest overdue first.

    One that the run has dealt with already is left to the next run: it was kept for a follow-up
    that was made void meanwhile, or it came into another library.
    """
    dealt_with = sa.exists().where(_i.c.run_id == run_id, _i.c.customer_id == _p.c.customer_id)
    due = sa.select(_p).where(passed(rules, uow.now), ~dealt_with)
    due = due.order_by(_p.c.due_at, _p.c.customer_id).limit(limit)
    return [Position(**row) for row in uow.execute(due).mappings()]


def count_passed(uow: UnitOfWork, rules: ReclaimRules, most: int | None = None) -> int:
    """Count the customers that are to be reclaimed, up to `most`."""
    due = sa.select(sa.literal(1)).where(passed(rules, uow.now)).select_from(_p)
    if most is not None:
        due = due.limit(most)
    count: int = uow.execute(sa.select(sa.func.count()).select_from(due.subquery())).scalar_one()
    return count


def count_holdings(uow: UnitOfWork) -> int:
    """Count the customers in all libraries."""
    in_libraries = _p.c.location == Location.PRIVATE_LIBRARY.value
    counted = sa.select(sa.func.count()).select_from(_p).where(in_libraries)
    count: int = uow.execute(counted).scalar_one()
    return count


def passed_by_day(
    uow: UnitOfWork, rules: ReclaimRules, zone: ZoneInfo, days: int
) -> dict[str, int]:
    """Count what is to be reclaimed by the local day whose end was the deadline; newest first."""
    due = passed(rules, uow.now)
    counted = sa.select(_p.c.due_at, sa.func.count().label("customers")).where(due)
    moments = uow.execute(
        counted.group_by(_p.c.due_at).order_by(_p.c.due_at.desc()).limit(days * 24)
    )
    found: dict[str, int] = {}
    for row in moments:
        last_day = (row.due_at - timedelta(microseconds=1)).astimezone(zone).date().isoformat()
        found[last_day] = found.get(last_day, 0) + row.customers
    return dict(list(found.items())[:days])


def passed_by_holder(uow: UnitOfWork, rules: ReclaimRules, limit: int) -> list[dict[str, Any]]:
    """Return the holders with most to lose, as `{staff_id, count}`."""
    count = sa.func.count().label("count")
    most = (
        sa.select(_p.c.holder_id, count)
        .where(passed(rules, uow.now))
        .group_by(_p.c.holder_id)
        .order_by(count.desc(), _p.c.holder_id)
        .limit(limit)
    )
    return [{"staff_id": row.holder_id, "count": row.count} for row in uow.execute(most)]
