"""Reviewers work: take a case, decide it once."""

from collections.abc import Mapping
from datetime import timedelta

from chassis.kernel import FORBIDDEN, Decision
from chassis.unit import UnitOfWork
from services.review.app.progress import advance
from services.review.domain.flow import Happening, State
from services.review.domain.policy import CaseType, ReviewPolicy
from services.review.domain.reasons import (
    CASE_NOT_OPEN,
    NOT_TAKEN,
    OWN_CASE,
    STALE,
    TAKEN_BY_OTHER,
)
from services.review.domain.verdict import check_verdict
from services.review.store import cases
from services.review.store.cases import Case
from services.review.store.tables import case_decision


def take_case(uow: UnitOfWork, case_id: str) -> Case:
    """Reserve an open case for the caller for a while; refused while another reviewer has it."""
    case = _open_case(uow, case_id)
    minutes = uow.policy(ReviewPolicy).rules.queue.take_minutes.value
    taken = case.reviewer_id and case.taken_until and case.taken_until > uow.now
    if taken and case.reviewer_id != uow.actor.staff_id:
        raise TAKEN_BY_OTHER.refuse()
    until = uow.now + timedelta(minutes=minutes)
    return cases.change(uow, case, reviewer_id=uow.actor.staff_id, taken_until=until)


def return_case(uow: UnitOfWork, case_id: str) -> Case:
    """Give a taken case back to the queue."""
    case = _open_case(uow, case_id)
    if case.reviewer_id != uow.actor.staff_id:
        raise NOT_TAKEN.refuse()
    return cases.change(uow, case, reviewer_id=None, taken_until=None)


def decide_case(
    uow: UnitOfWork,
    case_id: str,
    approve: bool,
    checks: Mapping[str, bool],
    reason: str,
    etag: int | None,
) -> Case:
    """Decide the current step of a case that the caller has taken, exactly once.

    Approval of the last step starts what the case is for; rejection frees what it reserved.
    """
    case = _open_case(uow, case_id)
    if case.reviewer_id != uow.actor.staff_id:
        raise NOT_TAKEN.refuse()
    if etag is not None and etag != case.version:
        raise STALE.refuse()
    case_type = type_of(uow, case)
    check_verdict(case_type, approve, checks, reason, case.evidence.get("findings", {}))
    rule = case_type.asked[case.step]
    verdict = "approve" if approve else "reject"
    uow.execute(
        case_decision.insert(),
        {
            "case_id": case_id,
            "step": case.step + 1,
            "verdict": verdict,
            "checks": dict(checks),
            "reason": reason,
            "reviewer_id": uow.actor.staff_id,
            "decided_at": uow.now,
        },
    )
    facts = {"step": case.step + 1, "checks": dict(checks), "reason": reason}
    outcome = "granted" if approve else "refused"
    uow.record(Decision(verdict, outcome, verdict.upper(), rule.clause, rule.say, facts), case_id)
    cleared = {"reviewer_id": None, "taken_until": None}
    if not approve:
        return advance(uow, case, Happening.REJECTED, reason=reason, **cleared)
    following = case.step + 1
    if following == len(case_type.asked):
        return advance(uow, case, Happening.APPROVED, step=following, **cleared)
    by = case_type.asked[following].by
    return cases.change(uow, case, step=following, role=by.role, scope=by.scope, **cleared)


def withdraw_case(uow: UnitOfWork, case_id: str) -> Case:
    """Withdraw the caller's own open case."""
    case = cases.get(uow, case_id)
    if case.applicant_id != uow.actor.staff_id:
        raise FORBIDDEN.refuse()
    if case.state != State.OPEN:
        raise CASE_NOT_OPEN.refuse(state=case.state)
    return advance(uow, case, Happening.WITHDRAWN)


def may_decide(uow: UnitOfWork, case: Case) -> bool:
    """Whether the caller's role and reach cover one of the case's steps."""
    return any(
        step.by.covers(uow.actor, case.department, case.team) for step in type_of(uow, case).asked
    )


def type_of(uow: UnitOfWork, case: Case) -> CaseType:
    """Return the case's type as it was when the case was opened."""
    return uow.policy_version(ReviewPolicy, case.policy_version).case_types[case.case_type]


def _open_case(uow: UnitOfWork, case_id: str) -> Case:
    case = cases.get(uow, case_id)
    if not may_decide(uow, case):
        raise FORBIDDEN.refuse(clause=type_of(uow, case).clause)
    if case.applicant_id == uow.actor.staff_id:
        raise OWN_CASE.refuse(clause=type_of(uow, case).clause)
    if case.state != State.OPEN:
        raise CASE_NOT_OPEN.refuse(state=case.state)
    step = type_of(uow, case).asked[case.step]
    if not step.by.covers(uow.actor, case.department, case.team):
        raise FORBIDDEN.refuse(clause=step.clause)
    return case
