"""Reviewers work: take a case, decide it once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from chassis.kernel import FORBIDDEN, Decision
from chassis.unit import UnitOfWork
from services.review.app.progress import advance, hand_on
from services.review.domain.answers import check_answers
from services.review.domain.flow import Happening, State
from services.review.domain.policy import CaseType, ReviewPolicy, Step
from services.review.domain.reasons import (
    CASE_NOT_OPEN,
    NOT_TAKEN,
    OWN_CASE,
    PARTY_TO_CASE,
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
    answers: Mapping[str, str],
    reason: str,
    etag: int | None,
) -> Case:
    """Decide the current step of a case that the caller has taken, exactly once.

    The same act decides the steps that follow, as far as policy lets one person's act satisfy them.
    Approval of the last step starts what the case is for; rejection frees what it reserved.
    """
    case = _open_case(uow, case_id)
    if case.reviewer_id != uow.actor.staff_id:
        raise NOT_TAKEN.refuse()
    if etag is not None and etag != case.version:
        raise STALE.refuse()
    case_type = type_of(uow, case)
    check_verdict(case_type, approve, checks, reason, case.evidence.get("findings", {}))
    steps = case_type.steps_for(case.outcome)
    given = check_answers(steps[case.step], approve, answers)
    following = case.step + (_satisfied(uow, case, steps) if approve else 1)
    told = {"checks": dict(checks), "answers": given, "reason": reason}
    for number in range(case.step, following):
        _keep_verdict(uow, case, steps[number], number + 1, approve, told)
    values: dict[str, Any] = {"reviewer_id": None, "taken_until": None}
    values["answers"] = case.answers | given
    if not approve:
        return advance(uow, case, Happening.REJECTED, reason=reason, **values)
    if following == len(steps):
        return advance(uow, case, Happening.APPROVED, step=following, **values)
    by = steps[following].by
    return hand_on(uow, case, step=following, role=by.role, scope=by.scope, **values)


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
    steps = type_of(uow, case).steps_for(case.outcome)
    return any(step.by.covers(uow.actor, case.department, case.team) for step in steps)


def is_to_decide(uow: UnitOfWork, case: Case) -> bool:
    """Whether the case waits for a decision that the caller may make."""
    me = uow.actor
    if case.state != State.OPEN or case.applicant_id == me.staff_id or me.staff_id in case.parties:
        return False
    return current_step(uow, case).by.covers(me, case.department, case.team)


def type_of(uow: UnitOfWork, case: Case) -> CaseType:
    """Return the case's type as it was when the case was opened."""
    return uow.policy_version(ReviewPolicy, case.policy_version).case_types[case.case_type]


def current_step(uow: UnitOfWork, case: Case) -> Step:
    """Return the step that an open case waits for."""
    return type_of(uow, case).steps_for(case.outcome)[case.step]


def _satisfied(uow: UnitOfWork, case: Case, steps: Sequence[Step]) -> int:
    """Return how many steps one act of the caller decides: the current one, and some after it."""
    count = 1
    for step in steps[case.step + 1 :]:
        held = step.by.covers(uow.actor, case.department, case.team)
        if step.own_act or step.asks or not held:
            break
        count += 1
    return count


def _keep_verdict(
    uow: UnitOfWork,
    case: Case,
    step: Step,
    number: int,
    approve: bool,
    told: dict[str, Any],
) -> None:
    verdict = "approve" if approve else "reject"
    row = {"case_id": case.case_id, "step": number, "verdict": verdict, "checks": told["checks"]}
    row |= {"reason": told["reason"], "reviewer_id": uow.actor.staff_id, "decided_at": uow.now}
    uow.execute(case_decision.insert(), row)
    outcome = "granted" if approve else "refused"
    facts = {"step": number, **told}
    who = (case.applicant_id,)
    decision = Decision(
        verdict, outcome, verdict.upper(), step.clause, step.say, facts, concerned=who
    )
    uow.record(decision, case.case_id)


def _open_case(uow: UnitOfWork, case_id: str) -> Case:
    case = cases.get(uow, case_id)
    if not may_decide(uow, case):
        raise FORBIDDEN.refuse(clause=type_of(uow, case).clause)
    if case.applicant_id == uow.actor.staff_id:
        raise OWN_CASE.refuse(clause=type_of(uow, case).clause)
    if uow.actor.staff_id in case.parties:
        raise PARTY_TO_CASE.refuse(clause=type_of(uow, case).clause)
    if case.state != State.OPEN:
        raise CASE_NOT_OPEN.refuse(state=case.state)
    step = current_step(uow, case)
    if not step.by.covers(uow.actor, case.department, case.team):
        raise FORBIDDEN.refuse(clause=step.clause)
    return case
