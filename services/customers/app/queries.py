"""What people may look at: customers and their facts."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.app.sight import only_visible, require_sight
from services.customers.domain.other_names import OtherName
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.release_mark import write_mark
from services.customers.store import custodies, name_index, records
from services.customers.store.custodies import JOINED, Custody, custody_from
from services.customers.store.records import Record
from services.customers.store.tables import colleague, custody, customer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """A customer as its reader sees it."""

    record: Record
    custody: Custody
    masked: bool
    others: tuple[OtherName, ...] = ()


_SELECTED = sa.select(
    customer,
    custody.c.location,
    custody.c.holder_id,
    colleague.c.department,
    colleague.c.team,
).select_from(customer.join(JOINED, custody.c.customer_id == customer.c.customer_id))


def read_customer(uow: UnitOfWork, customer_id: str) -> Seen:
    """Return a customer to those who may see it; looks into a colleague's library are logged."""
    policy = uow.policy(CustomersPolicy).rules
    record = records.get(uow, customer_id)
    where = custodies.find(uow, customer_id)
    masked = require_sight(uow.actor, where, policy)
    if where.holder_id and where.holder_id != uow.actor.staff_id:
        _log.info(
            "library read",
            extra={"reader": uow.actor.staff_id, "customer_id": customer_id},
        )
    others = name_index.others(uow, [customer_id]).get(customer_id, ())
    return Seen(record, where, masked, others)


def seen_by_changer(uow: UnitOfWork, record: Record) -> Seen:
    """Return a customer as who has just changed it, and so may see all of it, sees it."""
    customer_id = record.customer_id
    others = name_index.others(uow, [customer_id]).get(customer_id, ())
    return Seen(record, custodies.find(uow, customer_id), masked=False, others=others)


def release_mark(uow: UnitOfWork, seen: Seen) -> str:
    """Return the mnemonic by which the caller asks for the release today, '' for who cannot."""
    policy = uow.policy(CustomersPolicy).rules
    if seen.custody.holder_id != uow.actor.staff_id:
        return ""
    if not policy.access.set_mnemonic.allows(uow.actor):
        return ""
    return write_mark(uow.today(), policy.release_mark.mnemonic_format)


def read_customers(uow: UnitOfWork, customer_ids: list[str]) -> list[Seen]:
    """Return those of several customers that the caller may see, in this order."""
    policy = uow.policy(CustomersPolicy).rules
    wanted = _SELECTED.where(customer.c.customer_id.in_(customer_ids))
    wanted = only_visible(wanted, uow.actor, policy)
    found = {one.record.customer_id: one for one in _seen(uow, wanted, policy)}
    mine = ("", uow.actor.staff_id)
    looked = [key for key, one in found.items() if one.custody.holder_id not in mine]
    if looked:
        _log.info("libraries read", extra={"reader": uow.actor.staff_id, "customer_ids": looked})
    return [found[customer_id] for customer_id in customer_ids if customer_id in found]


def list_customers(
    uow: UnitOfWork, holder_id: str, location: str, after: list[Any] | None, limit: int
) -> list[Seen]:
    """Return the customers that the caller may see, newest first."""
    policy = uow.policy(CustomersPolicy).rules
    listed = (
        only_visible(_SELECTED, uow.actor, policy)
        .order_by(customer.c.created_at.desc(), customer.c.customer_id.desc())
        .limit(limit)
    )
    if holder_id:
        who = uow.actor.staff_id if holder_id == "me" else holder_id
        listed = listed.where(custody.c.holder_id == who)
    if location:
        listed = listed.where(custody.c.location == location)
    if after:
        moment = sa.literal(datetime.fromisoformat(after[0]), customer.c.created_at.type)
        key = sa.tuple_(customer.c.created_at, customer.c.customer_id)
        listed = listed.where(key < sa.tuple_(moment, after[1]))
    return _seen(uow, listed, policy)


def list_facts(
    uow: UnitOfWork, customer_id: str, after: int, limit: int
) -> tuple[Seen, list[sa.RowMapping]]:
    """Return a customer's facts, oldest first, to those who may see all of it."""
    seen = read_customer(uow, customer_id)
    if seen.masked:
        raise uow.policy(CustomersPolicy).rules.visibility.library_readers.refusal()
    return seen, records.facts(uow, customer_id, after, limit)


def _seen(uow: UnitOfWork, listed: sa.Select[Any], policy: CustomersPolicy) -> list[Seen]:
    rows = uow.execute(listed).mappings().all()
    others = name_index.others(uow, [row["customer_id"] for row in rows])
    found = []
    for row in rows:
        where = custody_from(row)
        masked = require_sight(uow.actor, where, policy)
        names = others.get(row["customer_id"], ())
        found.append(Seen(records.record_from(row), where, masked, names))
    return found
