"""Leave: recorded and cancelled as facts, never changed."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.scheduler.store.tables import leave as _t
from services.scheduler.store.tables import leave_cancellation as _cancelled
from services.scheduler.store.tables import staff_place as _place

_ALL = sa.select(
    _t,
    _cancelled.c.cancelled_at,
    _cancelled.c.cancelled_by,
    _cancelled.c.reason.label("cancel_reason"),
    _place.c.department,
    _place.c.team,
).select_from(
    _t.outerjoin(_cancelled, _cancelled.c.leave_id == _t.c.leave_id).outerjoin(
        _place, _place.c.staff_id == _t.c.staff_id
    )
)
_TAKEN = _ALL.where(
    _t.c.staff_id == sa.bindparam("b_staff_id"),
    _t.c.last_day >= sa.bindparam("b_since", type_=sa.Date()),
    _cancelled.c.leave_id.is_(None),
).order_by(_t.c.first_day)
_BY_ID = _ALL.where(_t.c.leave_id == sa.bindparam("b_leave_id"))
_PLACE = sa.select(_place).where(_place.c.staff_id == sa.bindparam("b_staff_id"))
_PLACE_LOCKED = _PLACE.with_for_update()


def days_of(uow: UnitOfWork, staff_id: str, since: date) -> frozenset[date]:
    """Return the days from `since` on (earlier ones may be among them) that a person is away."""
    if not staff_id:
        return frozenset()
    return days_in(taken(uow, staff_id, since))


def days_in(rows: Iterable[sa.RowMapping]) -> frozenset[date]:
    """Return the days of leaves, both ends included."""
    return frozenset(
        row["first_day"] + timedelta(days=number)
        for row in rows
        for number in range((row["last_day"] - row["first_day"]).days + 1)
    )


def taken(uow: UnitOfWork, staff_id: str, since: date) -> Sequence[sa.RowMapping]:
    """Return the leaves of a person that end on `since` or later and are not cancelled."""
    wanted = {"b_staff_id": staff_id, "b_since": since}
    return uow.execute(_TAKEN, wanted).mappings().all()


def of_many(uow: UnitOfWork, staff_ids: Sequence[str], since: date) -> dict[str, frozenset[date]]:
    """Return the days of leave of several people, those without any left out."""
    listed = _ALL.where(
        _t.c.staff_id.in_(staff_ids), _t.c.last_day >= since, _cancelled.c.leave_id.is_(None)
    )
    found: dict[str, list[sa.RowMapping]] = {}
    for row in uow.execute(listed).mappings():
        found.setdefault(row["staff_id"], []).append(row)
    return {staff_id: days_in(rows) for staff_id, rows in found.items()}


def find(uow: UnitOfWork, leave_id: str) -> sa.RowMapping | None:
    """Return a leave, with its cancellation if there is one."""
    return uow.one(_BY_ID, {"b_leave_id": leave_id})


def add(
    uow: UnitOfWork, leave_id: str, staff_id: str, first: date, last: date, reason: str
) -> None:
    """Record a leave of whole days, both included."""
    uow.execute(
        _t.insert(),
        {
            "leave_id": leave_id,
            "staff_id": staff_id,
            "first_day": first,
            "last_day": last,
            "reason": reason,
            "recorded_at": uow.now,
            "recorded_by": uow.actor.staff_id,
        },
    )


def cancel(uow: UnitOfWork, leave_id: str, reason: str) -> None:
    """Record that a leave is not taken."""
    uow.execute(
        _cancelled.insert(),
        {
            "leave_id": leave_id,
            "reason": reason,
            "cancelled_at": uow.now,
            "cancelled_by": uow.actor.staff_id,
        },
    )


def page(
    uow: UnitOfWork, staff_id: str, after: tuple[date, str] | None, limit: int
) -> Sequence[sa.RowMapping]:
    """Return the leaves of a person, the newest days first."""
    listed = _ALL.where(_t.c.staff_id == staff_id)
    if after:
        day = sa.literal(after[0], sa.Date())
        listed = listed.where(sa.tuple_(_t.c.first_day, _t.c.leave_id) < sa.tuple_(day, after[1]))
    ordered = listed.order_by(_t.c.first_day.desc(), _t.c.leave_id.desc()).limit(limit)
    return uow.execute(ordered).mappings().all()


def between(
    first: date,
    last: date,
    conditions: Sequence[sa.ColumnElement[bool]],
    *,
    cancelled: bool,
) -> sa.Select[Any]:
    """Return the query of leaves with a day from `first` to `last`, both included."""
    listed = _ALL.where(_t.c.first_day <= last, _t.c.last_day >= first, *conditions)
    return listed if cancelled else listed.where(_cancelled.c.leave_id.is_(None))


def place_of(uow: UnitOfWork, staff_id: str, *, locked: bool = False) -> sa.RowMapping | None:
    """Return where a person works, as far as this service has heard.

    Locked, no other leave of the person is recorded until this transaction ends.
    """
    return uow.one(_PLACE_LOCKED if locked else _PLACE, {"b_staff_id": staff_id})


def keep_place(uow: UnitOfWork, staff_id: str, department: str, team: str, sequence: int) -> None:
    """Remember where a person works, unless something newer is known."""
    insert = upsert(uow.connection.dialect.name, _place)
    row = {
        "staff_id": staff_id,
        "department": department,
        "team": team,
        "sequence": sequence,
    }
    newer = insert.on_conflict_do_update(
        index_elements=["staff_id"],
        set_={name: insert.excluded[name] for name in ("department", "team", "sequence")},
        where=_place.c.sequence < insert.excluded.sequence,
    )
    uow.execute(newer, row)
