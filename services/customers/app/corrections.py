"""Corrections of what is recorded: supplements, and the mnemonic."""

from collections.abc import Iterable

from chassis.kernel import Event
from chassis.unit import UnitOfWork
from services.customers.app import existing
from services.customers.app.copies import require_open_record
from services.customers.app.recording import amended, change_form
from services.customers.app.sight import may_read
from services.customers.domain import completeness
from services.customers.domain.categories import check_giver
from services.customers.domain.form import AddressOverride, CustomerForm, Door, tidy
from services.customers.domain.identity import identity_key
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.reasons import NOT_YOURS, STALE
from services.customers.domain.release_mark import read_mark
from services.customers.store import custodies, identities, records
from services.customers.store.records import Record

SUPPLEMENTED = "crm.customers.customer.supplemented.v1"
RELEASE_MARKED = "crm.customers.customer.release_marked.v1"


def supplement(
    uow: UnitOfWork, customer_id: str, changes: CustomerForm, reason: str, etag: int | None
) -> Record:
    """Correct or complete a customer by adding facts; what was recorded before stays.

    The changed fields must be as policy wants them; who may override the address form does so with
    `reason`. Refused as STALE when `etag` is not the stored version.
    """
    policy = uow.policy(CustomersPolicy).rules
    record = require_correctable(uow, customer_id, etag)
    form = tidy(amended(record.form, changes), policy)
    check_giver(record.form.category, form.category, uow.actor, policy.form.category_given_by)
    touched = {name for name in records.FIELDS if getattr(changes, name)}
    override = _override(uow, policy, reason)
    violations, _ = completeness.check(form, policy, Door.POOL, override)
    violations = [violation for violation in violations if violation.field in touched]
    if violations:
        raise completeness.refusal(violations)
    if not change_form(uow, record, form, reason, override=override):
        key = identity_key(form.full_name, form.industry_kind, form.contact, policy.identity)
        _, owner = identities.owners_of(uow, [key])[key]
        raise existing.refuse(uow, form.full_name, owner, policy.duplicates.on_same.clause)
    return announce_supplement(uow, customer_id, touched)


def require_correctable(uow: UnitOfWork, customer_id: str, etag: int | None) -> Record:
    """Return a customer that the caller may correct now.

    Refused to others, when the record is closed, and as STALE when `etag` is another version.
    """
    policy = uow.policy(CustomersPolicy).rules
    policy.access.supplement.require(uow.actor)
    record = records.get(uow, customer_id)
    where = custodies.find(uow, customer_id)
    if not may_read(uow.actor, where, policy):
        raise policy.visibility.library_readers.refusal()
    require_open_record(uow, record)
    if etag is not None and etag != record.version:
        raise STALE.refuse()
    return record


def announce_supplement(uow: UnitOfWork, customer_id: str, fields: Iterable[str]) -> Record:
    """Announce which fields of a customer were supplemented, and return it."""
    record = records.get(uow, customer_id)
    data = {
        "customer_id": customer_id,
        "case_id": "",
        "full_name": record.full_name,
        "category": record.category,
        "fields": sorted(fields),
    }
    uow.emit(Event(SUPPLEMENTED, customer_id, data))
    return record


def set_mnemonic(uow: UnitOfWork, customer_id: str, mnemonic: str) -> tuple[Record, bool]:
    """Set a held customer's mnemonic; policy's release mark also asks for its release (H-6.7b).

    Only the holder may. Returns the record, and whether a release was asked for.
    """
    policy = uow.policy(CustomersPolicy).rules
    policy.access.set_mnemonic.require(uow.actor)
    record = records.get(uow, customer_id)
    if custodies.find(uow, customer_id).holder_id != uow.actor.staff_id:
        raise NOT_YOURS.refuse(clause=policy.visibility.library_readers.clause)
    mark = read_mark(mnemonic, uow.today(), policy.release_mark.mnemonic_format)
    text = mark.text if mark else mnemonic.strip()
    records.change(uow, record, "mnemonic", mnemonic=text)
    if mark:
        data = {"customer_id": customer_id, "full_name": record.full_name, "remarks": text}
        uow.emit(Event(RELEASE_MARKED, customer_id, data))
    return records.get(uow, customer_id), mark is not None


def clear_mnemonic(uow: UnitOfWork, customer_id: str) -> None:
    """Take a released customer's mnemonic away: it was its last holder's."""
    record = records.get(uow, customer_id)
    if record.mnemonic:
        records.change(uow, record, "released", mnemonic="")


def _override(uow: UnitOfWork, policy: CustomersPolicy, reason: str) -> AddressOverride | None:
    roles = policy.form.address_override.value.roles
    role = next((role for role in roles if uow.actor.has(role)), None)
    return AddressOverride(role, reason) if role else None
