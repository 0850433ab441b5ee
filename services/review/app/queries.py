"""Which cases a person sees."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from chassis import keysets
from chassis.kernel import FORBIDDEN
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.reach import in_reach
from chassis.unit import UnitOfWork
from services.review.app import deciding
from services.review.domain.flow import State
from services.review.domain.policy import ALWAYS, ReviewPolicy, Step
from services.review.store import cases
from services.review.store.cases import Case
from services.review.store.tables import review_case as _t

View = Literal["of_role", "queue", "decided", "mine", "all"]
Sorting = Literal["submit_time", "due_time", "update_time"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases; what is empty or False does not matter."""

    view: View = "of_role"
    state: str = ""
    case_type: str = ""
    customer_id: str = ""
    applicant_id: str = ""
    query: str = ""
    needs_attention: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A case, and what it is found again by in its list."""

    case: Case
    keys: Keys


def get_case(uow: UnitOfWork, case_id: str) -> Case:
    """Return a case to its applicant, to those who may decide it, and to those who did."""
    case = cases.get(uow, case_id)
    me = uow.actor.staff_id
    if case.applicant_id == me or deciding.may_decide(uow, case):
        return case
    if cases.decided_by(uow, case_id, me):
        return case
    raise FORBIDDEN.refuse()


def list_cases(
    uow: UnitOfWork,
    wanted: Wanted,
    order: Sorting,
    *,
    descending: bool,
    after: list[Any] | None,
    limit: int,
) -> tuple[list[Listed], Total]:
    """Return a page of cases that the caller may read, and how many there are altogether.

    Cases still being prepared are shown to nobody but their applicants.
    """
    listed = sa.select(_t).where(*_seen(uow, wanted), *_filters(uow, wanted))
    found = keysets.read(uow, listed, _order(order, descending), after, limit)
    page = [Listed(cases.of(row), keysets.keys(row)) for row in found]
    return page, keysets.count(uow, listed)


def _seen(uow: UnitOfWork, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    mine = _t.c.applicant_id == uow.actor.staff_id
    prepared = _t.c.state != State.PREPARING.value
    is_open = _t.c.state == State.OPEN.value
    match wanted.view:
        case "mine":
            return [mine]
        case "queue":
            return [cases.decidable_by(uow.actor), is_open, ~mine]
        case "decided":
            return [cases.was_decided_by(uow.actor.staff_id)]
        case "all":
            return [all_seen(uow)]
        case "of_role":
            told = wanted.state or wanted.needs_attention or wanted.overdue
            return [cases.decidable_by(uow.actor), prepared if told else is_open]


def all_seen(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The condition that a case is the caller's, was decided by the caller, or may be."""
    mine = _t.c.applicant_id == uow.actor.staff_id
    prepared = _t.c.state != State.PREPARING.value
    readable = sa.or_(cases.was_decided_by(uow.actor.staff_id), _types_of_role(uow))
    return sa.or_(mine, sa.and_(prepared, readable))


def _types_of_role(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The condition that the caller may decide a step of the case, by the policy in force."""
    types = uow.policy(ReviewPolicy).rules.case_types.items()
    by_step = [
        (_t.c.case_type == name) & _taken(uow, name, step) & in_reach([step.by], uow.actor, _t)
        for name, case_type in types
        for step in case_type.all_steps
        if uow.actor.has(step.by.role)
    ]
    return sa.or_(sa.false(), *by_step)


def _taken(uow: UnitOfWork, case_type: str, step: Step) -> sa.ColumnElement[bool]:
    """The condition that a case of a type takes a step: the proposed outcome decides."""
    if step.when == ALWAYS:
        return sa.true()
    outcomes = sa.select(_t.c.outcome).where(_t.c.case_type == case_type).distinct()
    proposed = [outcome for (outcome,) in uow.execute(outcomes)]
    return _t.c.outcome.in_([one for one in proposed if step.holds({"outcome": one})])


def _filters(uow: UnitOfWork, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    applicant = uow.actor.staff_id if wanted.applicant_id == "me" else wanted.applicant_id
    conditions = [
        column == text
        for column, text in (
            (_t.c.state, wanted.state),
            (_t.c.case_type, wanted.case_type),
            (_t.c.customer_id, wanted.customer_id),
            (_t.c.applicant_id, applicant),
        )
        if text
    ]
    if wanted.query:
        names = (_t.c.full_name, _t.c.applicant_name)
        conditions.append(sa.or_(*(n.icontains(wanted.query, autoescape=True) for n in names)))
    if wanted.needs_attention:
        conditions.append(_t.c.needs_attention)
    if wanted.overdue:
        conditions.append(_t.c.overdue)
    return conditions


def _order(order: Sorting, descending: bool) -> Order:
    if order == "due_time":
        columns = (_t.c.due_at, _t.c.submitted_at, _t.c.case_id)
        return Order(columns, descending, _t.c.due_at.is_not(None))
    moment = _t.c.updated_at if order == "update_time" else _t.c.submitted_at
    return Order((moment, _t.c.case_id), descending)
