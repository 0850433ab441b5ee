"""Which customer or application is there already, told as far as the caller may see it."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from chassis.kernel import Refused, Violation
from chassis.unit import UnitOfWork
from services.customers.app.sight import in_sight, show
from services.customers.domain.existing_reasons import (
    CODE_OF_CUSTOMER,
    DUPLICATE,
    DUPLICATE_OF_CASE,
    IDENTITY_OF_CASE,
    IDENTITY_OF_CUSTOMER,
)
from services.customers.domain.policy import CustomersPolicy
from services.customers.store import custodies
from services.customers.store.custodies import NOWHERE
from services.customers.store.tables import customer


@dataclass(frozen=True, slots=True)
class Existing:
    """A customer that is there already: its name, masked, and no id, for who may not see it."""

    full_name: str
    customer_id: str


def find(uow: UnitOfWork, customer_ids: Iterable[str]) -> dict[str, Existing]:
    """Return what the caller may see of several customers; of a closed copy, of its kept one."""
    ids = sorted(set(customer_ids))
    if not ids:
        return {}
    policy = uow.policy(CustomersPolicy).rules
    columns = (
        customer.c.customer_id,
        customer.c.full_name,
        customer.c.form,
        customer.c.duplicate_of,
    )
    rows = uow.execute(sa.select(*columns).where(customer.c.customer_id.in_(ids))).all()
    where = custodies.find_all(uow, [row.duplicate_of or row.customer_id for row in rows])
    found = {}
    for row in rows:
        kept_id = row.duplicate_of or row.customer_id
        custody = where.get(kept_id, NOWHERE)
        shown = show(
            kept_id,
            row.full_name,
            row.form.get("contact", ""),
            custody,
            policy.visibility,
            whole=in_sight(uow.actor, custody, policy),
        )
        found[row.customer_id] = Existing(shown.full_name, shown.customer_id)
    return found


def refuse(uow: UnitOfWork, full_name: str, customer_id: str, clause: str) -> Refused:
    """Return the refusal of a name that `customer_id` has, or an application when it is empty."""
    if not customer_id:
        return DUPLICATE_OF_CASE.refuse(clause, name=full_name)
    told = find(uow, [customer_id])[customer_id]
    return DUPLICATE.refuse(
        clause, name=full_name, existing=told.full_name, customer_id=told.customer_id
    )


def violate(told: Existing | None, clause: str) -> Violation:
    """Return what is wrong with a row whose identity a customer has, or, without one, a case."""
    if told is None:
        return IDENTITY_OF_CASE.violate("full_name", clause)
    return IDENTITY_OF_CUSTOMER.violate("full_name", clause, existing=told.full_name)


def violate_code(told: Existing, clause: str) -> Violation:
    """Return what is wrong with a row whose credit code a customer has."""
    return CODE_OF_CUSTOMER.violate("unified_credit_code", clause, existing=told.full_name)
