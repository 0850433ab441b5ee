"""Scans for duplicates, how far each is, and the pairs that were found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.customers.domain.other_names import NameKind
from services.customers.domain.reasons import SCAN_UNKNOWN
from services.customers.store.tables import customer, duplicate_pair, known_name
from services.customers.store.tables import duplicate_scan as _t

LATEST = "latest"

_OWN = known_name.c.kind == NameKind.OWN.value


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan: `running`, `paused` once `found` reaches `pause_at`, or `done`."""

    scan_id: str
    state: str
    reached: int
    until: int
    checked: int
    total: int
    found: int
    pause_at: int
    most_found: int
    starter_id: str
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers that may be one, the smaller id first."""

    one_id: str
    other_id: str
    grade: str
    score: float


def unfinished(uow: UnitOfWork) -> Scan | None:
    """Return the scan that runs or pauses; there is one at most."""
    return _scan(uow, _t.c.state != "done")


def get(uow: UnitOfWork, scan_id: str) -> Scan:
    """Return a scan, or the latest; refused when there is none."""
    found = _scan(uow, sa.true() if scan_id == LATEST else _t.c.scan_id == scan_id)
    if found is None:
        raise SCAN_UNKNOWN.refuse()
    return found


def begin(uow: UnitOfWork, most_found: int) -> None:
    """Begin a scan of all customers that there are now, by their own names."""
    counted = (
        sa.select(sa.func.max(known_name.c.number).label("last"), sa.func.count().label("total"))
        .select_from(known_name)
        .where(_OWN)
    )
    names = uow.execute(counted).one()
    row = {
        "scan_id": uow.new_id(),
        "state": "running",
        "reached": 0,
        "until": names.last or 0,
        "checked": 0,
        "total": names.total,
        "found": 0,
        "pause_at": most_found,
        "most_found": most_found,
        "starter_id": uow.actor.staff_id,
        "started_at": uow.now,
        "updated_at": uow.now,
    }
    uow.execute(_t.insert(), row)


def go_on(uow: UnitOfWork, scan: Scan, most_found: int) -> None:
    """Let a paused scan find so many more pairs."""
    values = {
        "state": "running",
        "pause_at": scan.found + most_found,
        "most_found": most_found,
        "updated_at": uow.now,
    }
    uow.execute(_same(scan).values(values))


def next_names(uow: UnitOfWork, scan: Scan, limit: int) -> list[sa.RowMapping]:
    """Return the next own names, of closed copies too: number, and what of the record is compared.

    Two customers that a former or short name brings together are found from the other's own name.
    """
    names = (
        sa.select(known_name.c.number, customer.c.customer_id, known_name.c.full_name)
        .add_columns(customer.c.form, customer.c.duplicate_of)
        .join(customer, customer.c.customer_id == known_name.c.customer_id)
        .where(_OWN, known_name.c.number > scan.reached, known_name.c.number <= scan.until)
        .order_by(known_name.c.number)
        .limit(limit)
    )
    return list(uow.execute(names).mappings())


def advance(uow: UnitOfWork, scan: Scan, reached: int, checked: int, found: int) -> bool:
    """Note that a scan got on; False when somebody else has moved it meanwhile."""
    state = scan.state
    if not checked:
        state = "done"
    elif scan.found + found >= scan.pause_at:
        state = "paused"
    values = {
        "state": state,
        "reached": reached,
        "checked": scan.checked + checked,
        "found": scan.found + found,
        "updated_at": uow.now,
    }
    return uow.execute(_same(scan).values(values)).rowcount == 1


def remember(uow: UnitOfWork, scan: Scan, pairs: Sequence[Pair]) -> list[Pair]:
    """Keep pairs; return those that no scan had found before."""
    new = []
    insert = upsert(uow.connection.dialect.name, duplicate_pair).on_conflict_do_nothing()
    for pair in pairs:
        row = {**asdict(pair), "scan_id": scan.scan_id, "found_at": uow.now}
        if uow.execute(insert, row).rowcount == 1:
            new.append(pair)
    return new


def _same(scan: Scan) -> sa.Update:
    """The scan as long as it stands where it was read."""
    where = (_t.c.scan_id == scan.scan_id, _t.c.reached == scan.reached, _t.c.state == scan.state)
    return _t.update().where(*where)


def _scan(uow: UnitOfWork, condition: sa.ColumnElement[bool]) -> Scan | None:
    newest = (_t.c.started_at.desc(), _t.c.scan_id.desc())
    row: Any = uow.one(sa.select(_t).where(condition).order_by(*newest).limit(1))
    return Scan(**{field.name: row[field.name] for field in fields(Scan)}) if row else None
