"""A case comes in: first its reservations elsewhere, then it waits in a queue."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.call import REQUEST_ID_REUSED
from chassis.contract import INVALID_REQUEST
from chassis.kernel import Decision, Identity, Received, Refused
from chassis.unit import UnitOfWork
from services.review.app.progress import advance
from services.review.domain.flow import Happening, State
from services.review.domain.policy import CaseType, ReviewPolicy
from services.review.domain.reasons import (
    ABANDONED,
    CASE_TYPE_UNKNOWN,
    FLOW_NOT_SUBMITTED,
    NO_CUSTOMER_YET,
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
    case_type.applicants.require(uow.actor)
    if case_type.flow == "release":
        raise FLOW_NOT_SUBMITTED.refuse(clause=case_type.clause)
    if case_type.flow == "register" and draft.customer_id:
        violation = NO_CUSTOMER_YET.violate("customer_id", case_type.clause)
        raise INVALID_REQUEST.refuse(violations=[violation], count=1)
    existing = cases.find(uow, case_id)
    if existing is None:
        cases.add(uow, _new_case(uow, case_id, draft, case_type, policy.version))
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


def open_release(uow: UnitOfWork, event: Received) -> None:
    """On a customer marked for release: open the case that asks for consent."""
    policy = uow.policy(ReviewPolicy)
    found = policy.rules.type_of_flow("release")
    if found is None:
        return
    under_way = sa.select(review_case.c.case_id).where(
        review_case.c.customer_id == event.subject,
        review_case.c.flow == "release",
        review_case.c.state.in_([State.OPEN.value, State.APPROVED.value]),
    )
    if uow.one(under_way) is not None:
        return
    name, case_type = found
    draft = Draft(name, event.subject, {}, event.data["mnemonic"], "")
    case_id = case_id_of(uow.actor, event.id)
    cases.add(uow, _new_case(uow, case_id, draft, case_type, policy.version))
    opened = advance(
        uow, cases.get(uow, case_id), Happening.PREPARED, full_name=event.data["full_name"]
    )
    approve_without_steps(uow, opened)


def approve_without_steps(uow: UnitOfWork, case: Case) -> Case:
    """Approve a case whose type asks nobody."""
    case_type = uow.policy_version(ReviewPolicy, case.policy_version).case_types[case.case_type]
    if case_type.asked:
        return case
    uow.record(
        Decision("approve", "granted", "NO_REVIEW", case_type.clause, case_type.say, {}),
        case.case_id,
    )
    return advance(uow, case, Happening.APPROVED)


def abandon_unfinished(uow: UnitOfWork) -> None:
    """Undo submissions that nobody finished, and mark approved cases that wait too long."""
    queue = uow.policy(ReviewPolicy).rules.queue
    before = uow.now - timedelta(seconds=queue.abandon_seconds.value)
    stale = [review_case.c.state == State.PREPARING.value, review_case.c.updated_at < before]
    for case in cases.page(uow, stale, None, 100):
        advance(uow, case, Happening.ABANDONED, reason=ABANDONED.zh)
    late = uow.now - timedelta(seconds=queue.attention_seconds.value)
    uow.execute(
        review_case.update()
        .where(
            review_case.c.state == State.APPROVED.value,
            review_case.c.updated_at < late,
            ~review_case.c.needs_attention,
        )
        .values(needs_attention=True)
    )


def _new_case(
    uow: UnitOfWork, case_id: str, draft: Draft, case_type: CaseType, policy_version: int
) -> Case:
    first = case_type.asked[0].by if case_type.asked else None
    return Case(
        case_id=case_id,
        case_type=draft.case_type,
        flow=case_type.flow,
        state=State.PREPARING.value,
        applicant_id=uow.actor.staff_id,
        applicant_name=uow.actor.name,
        department=uow.actor.department,
        team=uow.actor.team,
        customer_id=draft.customer_id,
        full_name="",
        form=draft.form,
        remarks=draft.remarks,
        check_id=draft.check_id,
        evidence={},
        step=0,
        role=first.role if first else "",
        scope=first.scope if first else "company",
        reviewer_id=None,
        taken_until=None,
        awaiting=[],
        reason="",
        deadline_hours=case_type.deadline_hours.value,
        needs_attention=False,
        policy_version=policy_version,
        version=1,
        submitted_at=uow.now,
        updated_at=uow.now,
    )
