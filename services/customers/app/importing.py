"""Customers are imported into the pool, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Advice, Violation
from chassis.unit import UnitOfWork
from services.customers.app import existing
from services.customers.app.existing import Existing
from services.customers.app.recording import register
from services.customers.domain import completeness
from services.customers.domain.form import CustomerForm, Door, tidy
from services.customers.domain.identity import identity_key
from services.customers.domain.policy import CustomersPolicy
from services.customers.store import custodies, identities
from services.customers.store.custodies import PUBLIC_POOL
from services.customers.store.records import Entry


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a row of an import; `key` is the identity that it has, or would have."""

    key: str
    customer_id: str
    refusals: tuple[Violation, ...]
    advice: tuple[Advice, ...]


def import_customers(uow: UnitOfWork, forms: Sequence[CustomerForm]) -> list[Imported]:
    """Enter customers straight into the pool, each row through the gates of a typed one.

    Rows that break a rule are refused one by one, with every ground; the others enter.
    """
    policy = uow.policy(CustomersPolicy).rules
    policy.access.import_into_pool.require(uow.actor)
    tidied = [tidy(form, policy) for form in forms]
    keys = [
        identity_key(form.full_name, form.industry_kind, form.contact, policy.identity)
        for form in tidied
    ]
    owners = identities.owners_of(uow, keys)
    told = existing.find(uow, [customer_id for _, customer_id in owners.values() if customer_id])
    taken = {key: told.get(customer_id) for key, (_, customer_id) in owners.items()}
    results: list[Imported] = []
    entries: list[Entry] = []
    for form, key in zip(tidied, keys, strict=True):
        violations, advice = completeness.check(form, policy, Door.POOL)
        if not violations and key in taken:
            violations = [existing.violate(taken[key], policy.duplicates.on_same.clause)]
        if violations:
            results.append(Imported(key, "", tuple(violations), tuple(advice)))
            continue
        customer_id = uow.new_id()
        taken[key] = Existing(form.full_name, "")
        missing, _ = completeness.check(form, policy, Door.LIBRARY)
        incomplete = tuple(sorted({violation.field for violation in missing}))
        entries.append(Entry(customer_id, form, key, incomplete))
        results.append(Imported(key, customer_id, (), tuple(advice)))
    if entries:
        register(uow, entries)
        identities.assign_free(uow, [(entry.key, entry.customer_id) for entry in entries])
        custodies.expect(uow, [entry.customer_id for entry in entries], PUBLIC_POOL)
    return results
