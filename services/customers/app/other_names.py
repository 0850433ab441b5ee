"""Other names of a customer, former and short ones: recorded and taken away as it is corrected."""

from collections.abc import Iterable

from chassis.unit import UnitOfWork
from services.customers.app.corrections import announce_supplement, require_correctable
from services.customers.domain import completeness
from services.customers.domain.other_names import OtherName, check, told
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.reasons import OTHER_NAME_UNKNOWN
from services.customers.store import name_index, records
from services.customers.store.records import Record


def add(
    uow: UnitOfWork, customer_id: str, other: OtherName, reason: str, etag: int | None
) -> Record:
    """Record a former or short name of a customer: checks and suggestions find it by that, too.

    Whoever may supplement a customer may. Refused when the name is not fit, or there already.
    """
    record = require_correctable(uow, customer_id, etag)
    other = OtherName(other.name.strip(), other.kind)
    others = _others(uow, customer_id)
    clause = uow.policy(CustomersPolicy).rules.access.supplement.clause
    violations = list(check(other.name, record.full_name, others, clause))
    if violations:
        raise completeness.refusal(violations)
    name_index.add_other(uow, customer_id, other)
    return _keep(uow, record, others, (*others, other), reason)


def remove(uow: UnitOfWork, customer_id: str, name: str, reason: str, etag: int | None) -> Record:
    """Take a former or short name of a customer away: it is found by it no longer."""
    record = require_correctable(uow, customer_id, etag)
    others = _others(uow, customer_id)
    other = next((one for one in others if one.name == name), None)
    if other is None:
        raise OTHER_NAME_UNKNOWN.refuse()
    name_index.remove_other(uow, customer_id, other)
    return _keep(uow, record, others, [one for one in others if one != other], reason)


def _others(uow: UnitOfWork, customer_id: str) -> tuple[OtherName, ...]:
    return name_index.others(uow, [customer_id]).get(customer_id, ())


def _keep(
    uow: UnitOfWork,
    record: Record,
    before: Iterable[OtherName],
    after: Iterable[OtherName],
    reason: str,
) -> Record:
    names = told(tuple(before), tuple(after))
    records.change(uow, record, reason, names)
    return announce_supplement(uow, record.customer_id, names)
