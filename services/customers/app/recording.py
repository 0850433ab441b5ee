"""Customers are written: record, facts, names and identity together."""

from collections.abc import Sequence
from dataclasses import replace

from chassis.kernel import Event, Violation
from chassis.unit import UnitOfWork
from services.customers.domain import completeness
from services.customers.domain.form import AddressOverride, CustomerForm, Door
from services.customers.domain.identity import identity_key
from services.customers.domain.other_names import renamed, told
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.reasons import ADDRESS_INCOMPLETE
from services.customers.store import identities, name_index, records
from services.customers.store.records import Entry

REGISTERED = "crm.customers.customer.registered.v1"
IMPORTED = "crm.customers.customer.imported.v1"


def register(uow: UnitOfWork, entries: Sequence[Entry]) -> None:
    """Add customers with facts, names and announcements, in a few statements for all of them."""
    records.add(uow, entries, "registered")
    name_index.add(uow, [(entry.customer_id, entry.form.full_name) for entry in entries])
    uow.emit_all(
        [
            Event(
                REGISTERED if entry.case_id else IMPORTED,
                entry.customer_id,
                {
                    "customer_id": entry.customer_id,
                    "case_id": entry.case_id,
                    "full_name": entry.form.full_name,
                    "category": entry.form.category,
                    "industry_kind": entry.form.industry_kind,
                    "incomplete": list(entry.incomplete),
                    "approve_time": entry.approve_time,
                },
            )
            for entry in entries
        ]
    )


def change_form(
    uow: UnitOfWork,
    record: records.Record,
    form: CustomerForm,
    reason: str,
    case_id: str = "",
    override: AddressOverride | None = None,
) -> bool:
    """Change data, identity and index together; False when another has the new identity.

    An address that `override` accepts, or that was accepted before, does not count as incomplete.
    """
    policy = uow.policy(CustomersPolicy).rules
    key = identity_key(form.full_name, form.industry_kind, form.contact, policy.identity)
    if key != identities.key_of(uow, record.customer_id):
        if identities.owner_of(uow, key) not in (None, (case_id, "")):
            return False
        identities.release(uow, record.customer_id)
        identities.assign(uow, key, record.customer_id, case_id)
    names: dict[str, tuple[str, ...]] = {}
    if form.full_name != record.full_name:
        others = name_index.others(uow, [record.customer_id]).get(record.customer_id, ())
        names = told(others, renamed(others, record.full_name, form.full_name))
        name_index.rename(uow, record.customer_id, form.full_name)
    violations, _ = completeness.check(form, policy, Door.LIBRARY, override)
    violations = without_accepted(violations, record, form)
    incomplete = sorted({violation.field for violation in violations})
    records.change(uow, record, reason, names, form=form, incomplete=incomplete)
    return True


def amended(form: CustomerForm, amendments: CustomerForm) -> CustomerForm:
    """Return `form` with the fields that `amendments` sets."""
    values = {name: value for name in records.FIELDS if (value := getattr(amendments, name))}
    return replace(form, **values)


def without_accepted(
    violations: list[Violation], record: records.Record, form: CustomerForm
) -> list[Violation]:
    """Leave out an address of another form that Customer Service has accepted as it stands."""
    field = "business_address"
    if field in record.incomplete or form.business_address != record.form.business_address:
        return violations
    return [item for item in violations if item.reason != ADDRESS_INCOMPLETE.code]
