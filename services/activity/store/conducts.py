"""Violations, where people stand with them, and the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.activity.domain.conduct import NONE, Standing
from services.activity.domain.reasons import VIOLATION_UNKNOWN
from services.activity.store.conduct_tables import conduct as _c
from services.activity.store.conduct_tables import penalty as _p
from services.activity.store.conduct_tables import violation as _v
from services.activity.store.conduct_tables import violation_revocation as _r

JOINED = _v.outerjoin(_r, _r.c.violation_id == _v.c.violation_id)
SELECTED = sa.select(_v, _r.c.reason, _r.c.revoker_id, _r.c.revoked_at)


@dataclass(frozen=True, slots=True)
class ConfirmedViolation:
    """A row of `violation`, with its revocation if there was one."""

    violation_id: str
    staff_id: str
    clause: str
    happened_at: datetime
    evidence: str
    ordinal: int
    recorder_id: str
    recorded_at: datetime
    policy_version: int
    position: int = 0
    reason: str | None = None
    revoker_id: str | None = None
    revoked_at: datetime | None = None


def violation_of(row: sa.RowMapping) -> ConfirmedViolation:
    """Return the violation of a row that has the columns of SELECTED, among others."""
    return ConfirmedViolation(**{name: row[name] for name in ConfirmedViolation.__slots__})


def lock(uow: UnitOfWork, staff_id: str) -> int:
    """Keep where a person stands for this transaction; return how many violations counted."""
    row = {"staff_id": staff_id, "violation_count": 0, "status": NONE, "claims_blocked": False}
    insert = upsert(uow.connection.dialect.name, _c)
    uow.execute(insert.on_conflict_do_nothing(), row)
    locked = sa.select(_c.c.violation_count).where(_c.c.staff_id == staff_id).with_for_update()
    count: int = uow.execute(locked).scalar_one()
    return count


def keep(uow: UnitOfWork, staff_id: str, found: Standing) -> None:
    """Keep where a person stands."""
    values = {
        "violation_count": found.count,
        "status": found.status,
        "claims_blocked": found.claims_blocked,
    }
    uow.execute(_c.update().where(_c.c.staff_id == staff_id), values)


def count_of(uow: UnitOfWork, staff_id: str) -> int:
    """Return how many violations counted at the last change."""
    row = uow.one(sa.select(_c.c.violation_count).where(_c.c.staff_id == staff_id))
    return row["violation_count"] if row else 0


def add(uow: UnitOfWork, found: ConfirmedViolation) -> None:
    """Add a violation."""
    row = {name: getattr(found, name) for name in ConfirmedViolation.__slots__}
    for name in ("position", "reason", "revoker_id", "revoked_at"):
        row.pop(name)
    uow.execute(_v.insert(), row)


def get(uow: UnitOfWork, violation_id: str) -> ConfirmedViolation:
    """Return a violation; refused when unknown."""
    row = uow.one(SELECTED.select_from(JOINED).where(_v.c.violation_id == violation_id))
    if row is None:
        raise VIOLATION_UNKNOWN.refuse()
    return ConfirmedViolation(**row)


def revoke(uow: UnitOfWork, violation_id: str, reason: str) -> None:
    """Add the fact that a violation is revoked."""
    row = {"violation_id": violation_id, "reason": reason}
    uow.execute(_r.insert(), row | {"revoker_id": uow.actor.staff_id, "revoked_at": uow.now})


def standing_of(uow: UnitOfWork, staff_id: str) -> list[ConfirmedViolation]:
    """Return a person's violations that were not revoked, oldest first."""
    listed = SELECTED.select_from(JOINED).where(_v.c.staff_id == staff_id)
    listed = listed.where(_r.c.violation_id.is_(None)).order_by(_v.c.position)
    return [ConfirmedViolation(**row) for row in uow.execute(listed).mappings()]


def post(uow: UnitOfWork, lines: Sequence[Mapping[str, Any]]) -> None:
    """Add lines to the ledger."""
    if lines:
        uow.execute(_p.insert(), list(lines))


def posted(uow: UnitOfWork, staff_id: str, step_at: int) -> list[sa.RowMapping]:
    """Return a person's latest lines of a step that no other line counters."""
    other = _p.alias("other")
    listed = (
        sa.select(_p)
        .where(_p.c.staff_id == staff_id, _p.c.step_at == step_at, _p.c.counters_id.is_(None))
        .where(~sa.exists().where(other.c.counters_id == _p.c.penalty_id))
        .order_by(_p.c.position)
    )
    return list(uow.execute(listed).mappings())
