"""Which cases a person sees."""

from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.review.domain.flow import State
from services.review.store import cases
from services.review.store.cases import Case
from services.review.store.tables import review_case as _t


def list_cases(
    uow: UnitOfWork,
    *,
    mine: bool,
    state: str,
    needs_attention: bool,
    overdue: bool,
    after: list[Any] | None,
    limit: int,
) -> list[Case]:
    """Return the caller's own cases, or those whose current step is the caller's to decide.

    Without a state: own cases in every state, queues with what is open. Cases still being prepared
    are shown to nobody else.
    """
    conditions: list[sa.ColumnElement[bool]]
    if mine:
        conditions = [_t.c.applicant_id == uow.actor.staff_id]
    else:
        conditions = [cases.decidable_by(uow.actor), _t.c.state != State.PREPARING.value]
        state = state or ("" if needs_attention or overdue else State.OPEN.value)
    if state:
        conditions.append(_t.c.state == state)
    if needs_attention:
        conditions.append(_t.c.needs_attention)
    if overdue:
        conditions.append(_t.c.overdue)
    return cases.page(uow, conditions, after, limit)
