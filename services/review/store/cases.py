"""Cases: read, added, and changed only at the version that was read."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from chassis.kernel import Identity
from chassis.unit import UnitOfWork
from services.review.domain.flow import Flow, State
from services.review.domain.reasons import CASE_UNKNOWN, STALE
from services.review.store.tables import case_decision
from services.review.store.tables import review_case as _t


@dataclass(frozen=True, slots=True)
class Case:
    """A row of `review_case`. Times are UTC."""

    case_id: str
    case_type: str
    flow: str
    state: str
    applicant_id: str
    applicant_name: str
    department: str
    team: str
    customer_id: str
    full_name: str
    form: dict[str, Any]
    remarks: str
    check_id: str
    evidence: dict[str, Any]
    reference_id: str
    """What it is about at the service that proposed it."""
    outcome: str
    """What is proposed: it decides which steps are taken."""
    parties: list[str]
    """Who is concerned by it, and so does not decide it."""
    answers: dict[str, str]
    step: int
    role: str
    scope: str
    reviewer_id: str | None
    taken_until: datetime | None
    awaiting: list[str]
    reason: str
    deadline_hours: int
    needs_attention: bool
    due_at: datetime | None
    clock_version: int
    overdue: bool
    closed_week: date | None
    """The Monday of the local week in which it was closed; None while it is not."""
    decide_seconds: int | None
    """How long people took to decide it; None when nobody did."""
    policy_version: int
    version: int
    submitted_at: datetime
    updated_at: datetime

    @property
    def progress(self) -> Flow:
        """The case's flow, as the step function sees it."""
        return Flow(self.flow, State(self.state), frozenset(self.awaiting))


_BY_ID = sa.select(_t).where(_t.c.case_id == sa.bindparam("wanted"))
_BY_ID_LOCKED = _BY_ID.with_for_update()


def find(uow: UnitOfWork, case_id: str) -> Case | None:
    """Return a case."""
    row = uow.one(_BY_ID, {"wanted": case_id})
    return Case(**row) if row else None


def get(uow: UnitOfWork, case_id: str) -> Case:
    """Return a case; refused when unknown."""
    case = find(uow, case_id)
    if case is None:
        raise CASE_UNKNOWN.refuse()
    return case


def lock(uow: UnitOfWork, case_id: str) -> Case | None:
    """Return a case that nobody else changes until this transaction ends."""
    row = uow.one(_BY_ID_LOCKED, {"wanted": case_id})
    return Case(**row) if row else None


def add(uow: UnitOfWork, case: Case) -> None:
    """Add a case."""
    uow.execute(_t.insert(), {name: getattr(case, name) for name in Case.__slots__})


def remove(uow: UnitOfWork, case_id: str) -> None:
    """Remove a case that reserved nothing and that nobody saw."""
    uow.execute(_t.delete().where(_t.c.case_id == case_id, _t.c.state == State.PREPARING.value))


def change(uow: UnitOfWork, case: Case, **values: Any) -> Case:
    """Change a case; refused as STALE when someone else changed it first."""
    same = (_t.c.case_id == case.case_id) & (_t.c.version == case.version)
    values |= {"version": case.version + 1, "updated_at": uow.now}
    if uow.execute(_t.update().where(same).values(**values)).rowcount == 0:
        raise STALE.refuse()
    return replace(case, **values)


def under_way(uow: UnitOfWork, flow: str, reference_id: str) -> bool:
    """Whether a case about the same thing is open or being carried out."""
    same = [_t.c.flow == flow, _t.c.reference_id == reference_id]
    open_states = [State.OPEN.value, State.APPROVED.value]
    found = sa.select(_t.c.case_id).where(*same, _t.c.state.in_(open_states))
    return uow.one(found) is not None


def follow_clock(uow: UnitOfWork, case_id: str, version: int, due_at: datetime) -> None:
    """Take over a deadline, unless a newer announcement of it was taken over before."""
    older = (_t.c.case_id == case_id) & (_t.c.clock_version < version)
    uow.execute(_t.update().where(older).values(due_at=due_at, clock_version=version))


def mark_overdue(uow: UnitOfWork, case_id: str, version: int) -> bool:
    """Mark a case that is open at this deadline; False when it was marked before or is not open."""
    waiting = [_t.c.case_id == case_id, _t.c.state == State.OPEN.value, ~_t.c.overdue]
    late = _t.update().where(*waiting, _t.c.clock_version == version)
    return uow.execute(late.values(overdue=True)).rowcount == 1


def of(row: sa.RowMapping) -> Case:
    """Return the case of a row that has its columns, among others."""
    return Case(**{name: row[name] for name in Case.__slots__})


def oldest(uow: UnitOfWork, conditions: list[sa.ColumnElement[bool]], limit: int) -> list[Case]:
    """Return at most `limit` cases, oldest first."""
    listed = sa.select(_t).where(*conditions).order_by(_t.c.submitted_at, _t.c.case_id)
    return [of(row) for row in uow.execute(listed.limit(limit)).mappings()]


def decidable_by(actor: Identity) -> sa.ColumnElement[bool]:
    """The condition that a case's current step is the actor's to decide."""
    reach = sa.or_(
        _t.c.scope == "company",
        sa.and_(_t.c.scope == "department", _t.c.department == actor.department),
        sa.and_(
            _t.c.scope == "team",
            _t.c.department == actor.department,
            _t.c.team == actor.team,
            _t.c.team != "",
        ),
    )
    return sa.and_(_t.c.role.in_(sorted(actor.roles)), reach)


def was_decided_by(staff_id: str) -> sa.ColumnElement[bool]:
    """The condition that somebody decided at least one step of a case."""
    decided = sa.select(case_decision.c.case_id).where(case_decision.c.reviewer_id == staff_id)
    return _t.c.case_id.in_(decided)


def decided_by(uow: UnitOfWork, case_id: str, staff_id: str) -> bool:
    """Whether somebody decided at least one step of a case."""
    same = _t.c.case_id == case_id
    return uow.one(sa.select(_t.c.case_id).where(same, was_decided_by(staff_id))) is not None


def decisions(uow: UnitOfWork, case_ids: list[str]) -> dict[str, list[sa.RowMapping]]:
    """Return the decisions of several cases, in the order of the steps, in one query."""
    found: dict[str, list[sa.RowMapping]] = {case_id: [] for case_id in case_ids}
    listed = sa.select(case_decision).where(case_decision.c.case_id.in_(case_ids))
    for row in uow.execute(listed.order_by(case_decision.c.step)).mappings():
        found[row["case_id"]].append(row)
    return found
