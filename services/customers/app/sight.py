"""What a caller may see of a customer (H-2.2f)."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from chassis.kernel import Identity
from services.customers.domain import masking
from services.customers.domain.form import CustomerForm
from services.customers.domain.masking import Hit, ShownHit, mask
from services.customers.domain.policy import CustomersPolicy, Visibility
from services.customers.domain.sight import sight_of
from services.customers.store import custodies
from services.customers.store.custodies import PUBLIC_POOL, Custody


def may_read(actor: Identity, where: Custody, policy: CustomersPolicy) -> bool:
    """Whether the caller may see everything: the holder, and the readers that policy names."""
    return where.holder_id == actor.staff_id or policy.visibility.library_readers.allows(
        actor, where.department, where.team
    )


def in_sight(actor: Identity, where: Custody, policy: CustomersPolicy) -> bool:
    """Whether the caller may see the customer, be it with masked contact data as in the pool."""
    pooled = where.location == PUBLIC_POOL and policy.access.read.allows(actor)
    return pooled or may_read(actor, where, policy)


def require_sight(actor: Identity, where: Custody, policy: CustomersPolicy) -> bool:
    """Return whether contact data must be masked; refuse a caller who may see nothing at all."""
    if not in_sight(actor, where, policy):
        raise policy.visibility.library_readers.refusal()
    return not may_read(actor, where, policy)


def show(
    customer_id: str,
    full_name: str,
    contact: str,
    where: Custody,
    rules: Visibility,
    *,
    whole: bool,
) -> ShownHit:
    """Return of a customer that a name ran into all, or no more than that it is there."""
    hit = Hit(customer_id, full_name, (), where.location, where.holder_id, contact)
    return masking.show(hit, readable=whole, rules=rules)


def masked(form: CustomerForm, policy: CustomersPolicy) -> CustomerForm:
    """Return the form with the people and numbers to reach it by masked."""
    keep = policy.visibility.mask_phone_keep.value
    return replace(
        form,
        phones=tuple(mask(phone, keep) for phone in form.phones),
        hr_lead=mask(form.hr_lead, 1) if form.hr_lead else "",
    )


def only_visible(
    listed: sa.Select[Any], actor: Identity, policy: CustomersPolicy
) -> sa.Select[Any]:
    """Leave of a query of joined custody the customers that the caller sees at all."""
    return listed.where(custodies.visible(sight_of(actor, policy))).params(whose(actor))


def whose(actor: Identity) -> dict[str, str]:
    """Return the values of the parameters of `custodies.visible`."""
    return {"me": actor.staff_id, "department": actor.department, "team": actor.team}
