"""Signings and their counter-entries: added, never changed."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.activity.domain.reasons import SIGNING_UNKNOWN
from services.activity.store.tables import signing as _t


@dataclass(frozen=True, slots=True)
class Signing:
    """A row of `signing`; `countered_by_id` names the entry that counters it."""

    signing_id: str
    customer_id: str
    staff_id: str
    signed_on: date
    amount_cents: int
    note: str
    recorder_id: str
    recorded_at: datetime
    counters_id: str | None = None
    position: int = 0
    countered_by_id: str = ""


_BY_ID = sa.select(_t).where(_t.c.signing_id == sa.bindparam("wanted"))


def add(uow: UnitOfWork, found: Signing) -> None:
    """Add an entry."""
    row = {name: getattr(found, name) for name in Signing.__slots__}
    for name in ("position", "countered_by_id"):
        row.pop(name)
    uow.execute(_t.insert(), row)


def get(uow: UnitOfWork, signing_id: str) -> Signing:
    """Return an entry; refused when unknown."""
    row = uow.one(_BY_ID, {"wanted": signing_id})
    if row is None:
        raise SIGNING_UNKNOWN.refuse()
    return from_rows(uow, [row])[0]


def from_rows(uow: UnitOfWork, rows: list[sa.RowMapping]) -> list[Signing]:
    """Read rows that have the columns of entries, and what counters them, in one query."""
    ids = [row["signing_id"] for row in rows]
    counters = sa.select(_t.c.counters_id, _t.c.signing_id).where(_t.c.counters_id.in_(ids))
    by = {row.counters_id: row.signing_id for row in uow.execute(counters)} if ids else {}
    names = [name for name in Signing.__slots__ if name != "countered_by_id"]
    return [
        Signing(
            **{name: row[name] for name in names},
            countered_by_id=by.get(row["signing_id"], ""),
        )
        for row in rows
    ]
