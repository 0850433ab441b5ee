"""A case comes in: first its reservations elsewhere, then it waits in a queue."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chassis.call import REQUEST_ID_REUSED
from chassis.contract import INVALID_REQUEST
from chassis.kernel import Decision, Identity, Refused
from chassis.unit import UnitOfWork
from services.review.app.progress import advance
from services.review.domain.flow import BY_PEOPLE, Happening, State
from services.review.domain.policy import CaseType, ReviewPolicy
from services.review.domain.reasons import (
    ABANDONED,
    CASE_TYPE_UNKNOWN,
    NO_CUSTOMER_YET,
    OPENED_BY_EVENT,
)
from services.review.store import cases
from services.review.store.cases import Case
from services.review.store.tables import review_case

_NAMESPACE = uuid.UUID("6f1c1c52-3a54-4c6b-9d39-7d2f1f1a8b10")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the applicant hands in."""

    case_type: str
    customer_id: str
    form: dict[str, Any]
    remarks: str
    check_id: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a service proposes: about what, with which outcome, and whom it concerns."""

    reference_id: str = ""
    outcome: str = ""
    parties: list[str] = field(default_factory=list)


NOTHING_PROPOSED = Proposed()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the other services answered."""

    full_name: str
    form: dict[str, Any]
    evidence: dict[str, Any]


def case_id_of(actor: Identity, request_id: str) -> str:
    """Return the id of the case that this request opens: the same for every repetition."""
    return str(uuid.uuid5(_NAMESPACE, f"{actor.staff_id}\n{request_id}"))


def begin(uow: UnitOfWork, case_id: str, draft: Draft) -> tuple[Case, bool]:
    """Note that a case is being prepared, so that its reservations are undone should we die now.

    Returns the case and whether it is new; an earlier attempt may have reserved something.
    """
    policy = uow.policy(ReviewPolicy)
    case_type = policy.rules.case_types.get(draft.case_type)
    if case_type is None:
        raise CASE_TYPE_UNKNOWN.refuse(case_type=draft.case_type)
    if case_type.applicants:
        case_type.applicants.require(uow.actor)
    if case_type.opened_by:
        raise OPENED_BY_EVENT.refuse(clause=case_type.clause, zh=case_type.zh, en=case_type.en)
    if case_type.flow == "register" and draft.customer_id:
        violation = NO_CUSTOMER_YET.violate("customer_id", case_type.clause)
        raise INVALID_REQUEST.refuse(violations=[violation], count=1)
    existing = cases.find(uow, case_id)
    if existing is None:
        cases.add(uow, new_case(uow, case_id, draft, case_type, uow.actor))
        return cases.get(uow, case_id), True
    told = (existing.case_type, existing.customer_id, existing.remarks, existing.check_id)
    another = told != (draft.case_type, draft.customer_id, draft.remarks, draft.check_id)
    if another or (existing.state == State.PREPARING and existing.form != draft.form):
        raise REQUEST_ID_REUSED.refuse()
    if existing.state == State.REFUSED:
        raise ABANDONED.refuse()
    return existing, False


def give_up(uow: UnitOfWork, case_id: str, refused: Refused, reserved: bool) -> None:
    """End a case that a rule refused: removed when nothing was reserved, else undone."""
    case = cases.lock(uow, case_id)
    if case is None:
        return
    if reserved:
        advance(uow, case, Happening.REFUSED, reason=refused.say.zh)
    else:
        cases.remove(uow, case_id)


def admit(uow: UnitOfWork, case_id: str, prepared: Prepared) -> Case:
    """Put a prepared case into the first reviewer's queue; without steps it is approved at once.

    A new customer's form is kept as it will be stored; of a claim what the applicant stated is
    kept, and the record with it put in is part of the evidence.
    """
    case = cases.lock(uow, case_id)
    if case is None or case.state == State.REFUSED:
        raise ABANDONED.refuse()
    if case.state != State.PREPARING:
        return case
    opened = advance(
        uow,
        case,
        Happening.PREPARED,
        full_name=prepared.full_name,
        form=prepared.form if case.flow == "register" else case.form,
        evidence=prepared.evidence,
    )
    return approve_without_steps(uow, opened)


def approve_without_steps(uow: UnitOfWork, case: Case) -> Case:
    """Approve a case whose type asks nobody."""
    case_type = uow.policy_version(ReviewPolicy, case.policy_version).case_types[case.case_type]
    if case_type.steps_for(case.outcome):
        return case
    uow.record(
        Decision(
            "approve",
            "granted",
            "NO_REVIEW",
            case_type.clause,
            case_type.say,
            concerned=(case.applicant_id,),
        ),
        case.case_id,
    )
    return advance(uow, case, Happening.APPROVED)


def abandon_unfinished(uow: UnitOfWork) -> None:
    """Undo submissions that nobody finished, and mark approved cases that wait too long."""
    queue = uow.policy(ReviewPolicy).rules.queue
    before = uow.now - timedelta(seconds=queue.abandon_seconds.value)
    stale = [review_case.c.state == State.PREPARING.value, review_case.c.updated_at < before]
    for case in cases.oldest(uow, stale, 100):
        advance(uow, case, Happening.ABANDONED, reason=ABANDONED.zh)
    late = uow.now - timedelta(seconds=queue.attention_seconds.value)
    uow.execute(
        review_case.update()
        .where(
            review_case.c.state == State.APPROVED.value,
            review_case.c.flow.not_in(BY_PEOPLE),
            review_case.c.updated_at < late,
            ~review_case.c.needs_attention,
        )
        .values(needs_attention=True)
    )


def new_case(
    uow: UnitOfWork,
    case_id: str,
    draft: Draft,
    case_type: CaseType,
    applicant: Identity,
    proposed: Proposed = NOTHING_PROPOSED,
) -> Case:
    """Return a case that is being prepared under the policy in force, at its first step."""
    steps = case_type.steps_for(proposed.outcome)
    first = steps[0].by if steps else None
    return Case(
        case_id=case_id,
        case_type=draft.case_type,
        flow=case_type.flow,
        state=State.PREPARING.value,
        applicant_id=applicant.staff_id,
        applicant_name=applicant.name,
        department=applicant.department,
        team=applicant.team,
        customer_id=draft.customer_id,
        full_name="",
        form=draft.form,
        remarks=draft.remarks,
        check_id=draft.check_id,
        evidence={},
        reference_id=proposed.reference_id,
        outcome=proposed.outcome,
        parties=proposed.parties,
        answers={},
        step=0,
        role=first.role if first else "",
        scope=first.scope if first else "company",
        reviewer_id=None,
        taken_until=None,
        awaiting=[],
        reason="",
        deadline_hours=case_type.deadline_hours.value if case_type.deadline_hours else 0,
        needs_attention=False,
        due_at=None,
        clock_version=0,
        overdue=False,
        closed_week=None,
        decide_seconds=None,
        policy_version=uow.policy(ReviewPolicy).version,
        version=1,
        submitted_at=uow.now,
        updated_at=uow.now,
    )
