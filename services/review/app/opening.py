"""Cases that another service's event opens."""

from typing import Any

from chassis.kernel import Identity, Received
from chassis.unit import UnitOfWork
from services.review.app.progress import advance
from services.review.app.submission import (
    Draft,
    Proposed,
    approve_without_steps,
    case_id_of,
    new_case,
)
from services.review.domain.flow import Happening
from services.review.domain.policy import CaseType, ReviewPolicy
from services.review.store import cases


def open_case(uow: UnitOfWork, event: Received) -> None:
    """Open the case that a proposal asks for, unless one about the same thing is under way.

    The event's data name the case type (without a name: the one type that this event opens), what
    it is about (`reference_id`; without it the event's subject), the applicant (without one:
    whoever caused the event), the customer, remarks, evidence, `facts.outcome`, and the `parties`
    that may not decide. A repetition opens nothing. Raises LookupError when policy has no such
    case type: the message is kept.
    """
    found = _type_of(uow, event)
    if found is None:
        return
    name, case_type = found
    data = event.data
    reference_id = data.get("reference_id", event.subject)
    case_id = case_id_of(uow.actor, event.id)
    if cases.find(uow, case_id) or cases.under_way(uow, case_type.flow, reference_id):
        return
    customer_id = data.get("customer_id", "")
    draft = Draft(name, customer_id, data.get("form", {}), data.get("remarks", ""), "")
    outcome = data.get("facts", {}).get("outcome", "")
    proposed = Proposed(reference_id, outcome, list(data.get("parties", ())))
    applicant = _applicant(uow, data)
    cases.add(uow, new_case(uow, case_id, draft, case_type, applicant, proposed))
    opened = advance(
        uow,
        cases.get(uow, case_id),
        Happening.PREPARED,
        full_name=data.get("full_name", ""),
        evidence=data.get("evidence", {}),
    )
    approve_without_steps(uow, opened)


def _type_of(uow: UnitOfWork, event: Received) -> tuple[str, CaseType] | None:
    types = uow.policy(ReviewPolicy).rules.opened_by(event.type)
    name = event.data.get("case_type")
    if name is None:
        return next(iter(types.items()), None)
    if name not in types:
        raise LookupError(f"policy has no case type {name} opened by {event.type}")
    return name, types[name]


def _applicant(uow: UnitOfWork, data: Any) -> Identity:
    if "applicant_id" not in data:
        return uow.actor
    return Identity(
        data["applicant_id"],
        data.get("applicant_name", ""),
        frozenset(),
        data.get("department", ""),
        data.get("team", ""),
    )
