"""Requests to compute deadlines again, and how far each has come."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.scheduler.store.tables import recomputation as _t

POLICY = "policy"
CALENDAR = "calendar"
LEAVE = "leave"

_OPEN = (
    sa.select(_t)
    .where(_t.c.done_at.is_(None))
    .order_by(_t.c.position)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_ANY_OPEN = sa.select(_t.c.position).where(_t.c.done_at.is_(None)).limit(1)
_ASKED = sa.select(_t.c.position).where(
    _t.c.cause == sa.bindparam("b_cause"), _t.c.reference == sa.bindparam("b_reference")
)


def ask(uow: UnitOfWork, cause: str, reference: str, party_id: str = "") -> None:
    """Have the clocks computed again once for this cause: those of a person, or all of them."""
    insert = upsert(uow.connection.dialect.name, _t).on_conflict_do_nothing()
    row = {
        "cause": cause,
        "reference": reference,
        "party_id": party_id,
        "after_subject_id": "",
        "after_clock": "",
        "asked_at": uow.now,
    }
    uow.execute(insert, row)


def is_asked(uow: UnitOfWork, cause: str, reference: str) -> bool:
    """Whether the clocks were asked to be computed again for this cause."""
    return uow.one(_ASKED, {"b_cause": cause, "b_reference": reference}) is not None


def is_open(uow: UnitOfWork) -> bool:
    """Whether clocks wait to be computed again."""
    return uow.one(_ANY_OPEN) is not None


def take(uow: UnitOfWork) -> sa.RowMapping | None:
    """Return the oldest request that is not done and that nobody else is working on."""
    return uow.one(_OPEN)


def note(uow: UnitOfWork, job: sa.RowMapping, progress: Mapping[str, Any]) -> None:
    """Keep how far a request has come."""
    uow.execute(_t.update().where(_t.c.position == job["position"]).values(**progress))
