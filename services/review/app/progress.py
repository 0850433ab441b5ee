"""Moves a case along its flow and announces what follows."""

from datetime import timedelta
from typing import Any

from chassis.kernel import Event
from chassis.unit import UnitOfWork
from services.review.domain.flow import Announcement, Happening, State, step
from services.review.store import cases
from services.review.store.cases import Case

OPENED = "crm.review.case.opened.v1"
ADVANCED = "crm.review.case.advanced.v1"
APPROVED = "crm.review.case.approved.v1"
CLOSED = "crm.review.case.closed.v1"
COMPLETED = "crm.review.case.completed.v1"
FAILED = "crm.review.case.failed.v1"

_TYPES = {
    Announcement.OPENED: OPENED,
    Announcement.APPROVED: APPROVED,
    Announcement.CLOSED: CLOSED,
    Announcement.COMPLETED: COMPLETED,
    Announcement.FAILED: FAILED,
}

_BEFORE_CLOSING = (State.PREPARING, State.OPEN)
_BY_VERDICT = (Happening.APPROVED, Happening.REJECTED)


def advance(uow: UnitOfWork, case: Case, happening: Happening, by: str = "", **values: Any) -> Case:
    """Take one step of the flow; what does not fit the case's state changes nothing."""
    flow, announcements = step(case.progress, happening, by)
    if flow == case.progress:
        return case
    values |= {"state": flow.state.value, "awaiting": sorted(flow.awaiting)}
    if case.state in _BEFORE_CLOSING and flow.state not in _BEFORE_CLOSING:
        values |= _closing(uow, case, happening)
    changed = cases.change(uow, case, **values)
    for announcement in announcements:
        uow.emit(Event(_TYPES[announcement], case.case_id, _described(changed)))
    return changed


def hand_on(uow: UnitOfWork, case: Case, **values: Any) -> Case:
    """Let the case wait for the reviewers of another step, and announce it."""
    changed = cases.change(uow, case, **values)
    uow.emit(Event(ADVANCED, case.case_id, _described(changed)))
    return changed


def _closing(uow: UnitOfWork, case: Case, happening: Happening) -> dict[str, Any]:
    """Return what figures remember of a case that is closed now."""
    today = uow.today()
    decided = happening in _BY_VERDICT and case.role
    took = int((uow.now - case.submitted_at).total_seconds()) if decided else None
    return {"closed_week": today - timedelta(days=today.weekday()), "decide_seconds": took}


def _described(case: Case) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "case_type": case.case_type,
        "flow": case.flow,
        "state": case.state,
        "applicant_id": case.applicant_id,
        "customer_id": case.customer_id,
        "full_name": case.full_name,
        "form": case.form,
        "check_id": case.check_id,
        "remarks": case.remarks,
        "reason": case.reason,
        "role": case.role,
        "reference_id": case.reference_id,
        "outcome": case.outcome,
        "department": case.department,
        "team": case.team,
        "answers": case.answers,
        "deadline_hours": case.deadline_hours,
        "policy_version": case.policy_version,
    }
