"""How a customer gets in by a case, or is put right: prepared, then carried out on approval."""

from dataclasses import dataclass, replace

from chassis.kernel import Advice, Event, Received, Refused
from chassis.unit import UnitOfWork
from services.customers.app import existing
from services.customers.app.duplicates import Found, read_check, search
from services.customers.app.recording import amended, change_form, register, without_accepted
from services.customers.app.sight import may_read
from services.customers.domain import completeness
from services.customers.domain.categories import check_giver
from services.customers.domain.existing_reasons import IDENTITY_TAKEN
from services.customers.domain.form import CustomerForm, Door, tidy
from services.customers.domain.identity import identity_key
from services.customers.domain.matching import Grade
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.reasons import (
    CHECK_OF_ANOTHER_NAME,
    CHECK_REQUIRED,
)
from services.customers.store import custodies, identities, records
from services.customers.store.custodies import PUBLIC_POOL
from services.customers.store.records import Entry

AMENDED = "crm.customers.customer.amended.v1"
REGISTRATION_REFUSED = "crm.customers.registration.refused.v1"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a reviewer decides on."""

    form: CustomerForm
    found: Found
    incomplete: tuple[str, ...]
    advice: tuple[Advice, ...]
    same_organisation: tuple[str, ...] = ()


def prepare_registration(
    uow: UnitOfWork, case_id: str, form: CustomerForm, check_id: str
) -> Prepared:
    """Validate a new customer and reserve its identity for the case. Repeating it changes nothing.

    Refused without a duplicate check by the same person for the same customer, when the record is
    not complete and well-formed (every fault named), or when the customer exists.
    """
    policy = uow.policy(CustomersPolicy).rules
    policy.access.check_duplicates.require(uow.actor)
    identities.require_open(uow, case_id)
    form = tidy(form, policy)
    check_giver("", form.category, uow.actor, policy.form.category_given_by)
    violations, advice = completeness.check(form, policy, Door.LIBRARY)
    if violations:
        raise completeness.refusal(violations)
    found = search(uow, form.full_name, form.industry_kind, form.contact, masked=False)
    _require_check(uow, check_id, found.key, policy)
    if found.owner == (case_id, ""):
        hits = tuple(hit for hit in found.hits if hit.customer_id)
        return Prepared(form, replace(found, hits=hits), (), tuple(advice))
    _refuse_duplicate(uow, found, form.full_name, policy)
    identities.reserve(uow, found.key, case_id)
    return Prepared(form, found, (), tuple(advice))


def prepare_claim(
    uow: UnitOfWork, case_id: str, customer_id: str, amendments: CustomerForm
) -> Prepared:
    """Gather what a reviewer needs about a claimed customer with the applicant's amendments.

    A new name reserves its identity for the case; what stays missing or wrong is reported, not
    refused: the reviewer must then reject (H-3.3d). Of a customer that is not in the pool nothing
    is disclosed to those who may not see it: ownership, which is asked next, refuses the claim.
    """
    policy = uow.policy(CustomersPolicy).rules
    policy.access.read.require(uow.actor)
    identities.require_open(uow, case_id)
    record = records.get(uow, customer_id)
    where = custodies.find(uow, customer_id)
    if where.location != PUBLIC_POOL and not may_read(uow.actor, where, policy):
        return Prepared(CustomerForm(), Found("", None, Grade.NONE, (), ()), (), ())
    form = tidy(amended(record.form, amendments), policy)
    check_giver(record.form.category, form.category, uow.actor, policy.form.category_given_by)
    violations, advice = completeness.check(form, policy, Door.LIBRARY)
    violations = without_accepted(violations, record, form)
    found = search(
        uow,
        form.full_name,
        form.industry_kind,
        form.contact,
        masked=False,
        apart_from=customer_id,
    )
    if found.key != identities.key_of(uow, customer_id):
        if found.owner and found.owner != (case_id, ""):
            clause = policy.duplicates.on_same.clause
            raise existing.refuse(uow, form.full_name, found.owner[1], clause)
        if found.owner is None:
            identities.reserve(uow, found.key, case_id)
    alike = (Grade.SAME.value, Grade.LIKELY.value)
    same = tuple(hit.customer_id for hit in found.hits if hit.grade in alike and hit.customer_id)
    incomplete = tuple(dict.fromkeys(violation.field for violation in violations))
    return Prepared(form, found, incomplete, tuple(advice), same)


def register_approved(uow: UnitOfWork, event: Received) -> None:
    """On an approved new customer: register it under the identity that its case reserved."""
    form = records.form_from(event.data["form"])
    policy = uow.policy(CustomersPolicy).rules
    key = identity_key(form.full_name, form.industry_kind, form.contact, policy.identity)
    if identities.owner_of(uow, key) not in (None, (event.subject, "")):
        return _refuse_case(uow, event.subject)
    customer_id = uow.new_id()
    approved = event.time.isoformat()
    entry = Entry(customer_id, form, key, case_id=event.subject, approve_time=approved)
    register(uow, [entry])
    identities.assign(uow, key, customer_id, event.subject)
    return None


def amend_approved(uow: UnitOfWork, event: Received) -> None:
    """On an approved claim: put the record right as the applicant said, by supplements.

    Only the fields that the claim states are changed; what was corrected meanwhile stays.
    """
    customer_id = event.data["customer_id"]
    record = records.get(uow, customer_id)
    policy = uow.policy(CustomersPolicy).rules
    form = tidy(amended(record.form, records.form_from(event.data["form"])), policy)
    if not change_form(uow, record, form, reason=event.data["remarks"], case_id=event.subject):
        return _refuse_case(uow, event.subject, customer_id)
    identities.free(uow, event.subject)
    data = {
        "customer_id": customer_id,
        "case_id": event.subject,
        "full_name": form.full_name,
        "category": form.category,
    }
    uow.emit(Event(AMENDED, customer_id, data))
    return None


def _require_check(uow: UnitOfWork, check_id: str, key: str, policy: CustomersPolicy) -> None:
    rule = policy.duplicates.check_required
    try:
        check = read_check(uow, check_id) if check_id else None
    except Refused:
        check = None
    if check is None or check["checker_id"] != uow.actor.staff_id:
        raise CHECK_REQUIRED.refuse(clause=rule.clause)
    if check["identity_key"] != key:
        raise CHECK_OF_ANOTHER_NAME.refuse(clause=rule.clause, checked=check["full_name"])


def _refuse_duplicate(
    uow: UnitOfWork, found: Found, full_name: str, policy: CustomersPolicy
) -> None:
    responses = {
        Grade.SAME: policy.duplicates.on_same,
        Grade.LIKELY: policy.duplicates.on_likely,
    }
    rule = responses.get(found.grade)
    if rule is not None and rule.value == "refuse":
        customer_id = found.owner[1] if found.owner else found.hits[0].customer_id
        raise existing.refuse(uow, full_name, customer_id, rule.clause)


def _refuse_case(uow: UnitOfWork, case_id: str, customer_id: str = "") -> None:
    data = {
        "case_id": case_id,
        "customer_id": customer_id,
        "reason": IDENTITY_TAKEN.code,
        "zh": IDENTITY_TAKEN.zh,
        "en": IDENTITY_TAKEN.en,
    }
    uow.emit(Event(REGISTRATION_REFUSED, customer_id or case_id, data))
