"""Customer records: the current row, and the facts it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.domain.form import CustomerForm
from services.customers.domain.reasons import CUSTOMER_UNKNOWN, STALE
from services.customers.store.tables import customer, customer_fact

FIELDS = tuple(field.name for field in fields(CustomerForm))


@dataclass(frozen=True, slots=True)
class Record:
    """A customer as it stands. Times are UTC."""

    customer_id: str
    full_name: str
    category: str
    form: CustomerForm
    mnemonic: str
    incomplete: tuple[str, ...]
    case_id: str | None
    duplicate_of: str
    """The record that was kept instead of this one, which is closed; empty for all others."""
    version: int
    created_at: datetime
    updated_at: datetime


def find(uow: UnitOfWork, customer_id: str) -> Record | None:
    """Return a customer."""
    row = uow.one(sa.select(customer).where(customer.c.customer_id == customer_id))
    return record_from(row) if row else None


def get(uow: UnitOfWork, customer_id: str) -> Record:
    """Return a customer; refused when unknown."""
    record = find(uow, customer_id)
    if record is None:
        raise CUSTOMER_UNKNOWN.refuse()
    return record


def record_from(row: sa.RowMapping) -> Record:
    """Read a row of `customer`."""
    values = {field.name: row[field.name] for field in fields(Record)}
    form, incomplete = form_from(row["form"]), tuple(row["incomplete"])
    return Record(**values | {"form": form, "incomplete": incomplete})


def form_from(data: Mapping[str, Any]) -> CustomerForm:
    """Read a form from JSON; unknown keys are left out, missing ones are empty."""
    known = {name: data[name] for name in FIELDS if name in data}
    return CustomerForm(**known | {"phones": tuple(known.get("phones", ()))})


def form_to(form: CustomerForm) -> dict[str, Any]:
    """Write a form as JSON."""
    return asdict(form) | {"phones": list(form.phones)}


@dataclass(frozen=True, slots=True)
class Entry:
    """A customer that enters: by the case `case_id`, or without one."""

    customer_id: str
    form: CustomerForm
    key: str
    incomplete: tuple[str, ...] = ()
    case_id: str = ""
    approve_time: str = ""
    """When the case was approved, ISO 8601: the customer is protected from then on."""


def add(uow: UnitOfWork, entries: Sequence[Entry], reason: str) -> None:
    """Add customers with one fact for every field that is set."""
    uow.execute(
        customer.insert(),
        [
            {
                "customer_id": entry.customer_id,
                "full_name": entry.form.full_name,
                "category": entry.form.category,
                "form": form_to(entry.form),
                "mnemonic": "",
                "incomplete": list(entry.incomplete),
                "case_id": entry.case_id or None,
                "version": 1,
                "created_at": uow.now,
                "updated_at": uow.now,
            }
            for entry in entries
        ],
    )
    _keep(
        uow,
        [
            _fact(uow, entry.customer_id, name, value, "", reason)
            for entry in entries
            for name in FIELDS
            if (value := getattr(entry.form, name))
        ],
    )


def change(
    uow: UnitOfWork,
    record: Record,
    reason: str,
    names: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    **values: Any,
) -> None:
    """Change a customer's current row, keep what changed as facts; STALE on a lost race.

    `values` may hold `form`, `mnemonic`, `incomplete`, and `duplicate_of` with `closed_sequence`.
    `names` are the other names that the index has now, by the field of their facts.
    """
    row = dict(values)
    changed: dict[str, Any] = dict(names)
    if "form" in values:
        form: CustomerForm = values["form"]
        changed |= {
            name: getattr(form, name)
            for name in FIELDS
            if getattr(form, name) != getattr(record.form, name)
        }
        row |= {
            "form": form_to(form),
            "full_name": form.full_name,
            "category": form.category,
        }
    if "mnemonic" in values and values["mnemonic"] != record.mnemonic:
        changed["mnemonic"] = values["mnemonic"]
    if "duplicate_of" in values:
        changed["duplicate_of"] = values["duplicate_of"]
    same = (customer.c.customer_id == record.customer_id) & (customer.c.version == record.version)
    row |= {"version": record.version + 1, "updated_at": uow.now}
    if uow.execute(customer.update().where(same).values(**row)).rowcount == 0:
        raise STALE.refuse()
    keep_facts(uow, record.customer_id, changed, _latest(uow, record.customer_id), reason)


def closed_sequence(uow: UnitOfWork, customer_id: str) -> int:
    """Return which announcement of its closing or opening a record has taken over."""
    row = uow.one(
        sa.select(customer.c.closed_sequence).where(customer.c.customer_id == customer_id)
    )
    return row["closed_sequence"] if row else 0


def copies(uow: UnitOfWork, customer_id: str) -> list[Record]:
    """Return the closed records that refer to a record."""
    closed = (customer.c.duplicate_of == customer_id) & (customer.c.duplicate_of != "")
    listed = sa.select(customer).where(closed)
    return [record_from(row) for row in uow.execute(listed).mappings()]


def keep_facts(
    uow: UnitOfWork,
    customer_id: str,
    values: Mapping[str, Any],
    earlier: Mapping[str, str],
    reason: str,
) -> None:
    """Add a fact for each value; `earlier` names the facts that they correct."""
    _keep(
        uow,
        [
            _fact(uow, customer_id, name, value, earlier.get(name, ""), reason)
            for name, value in values.items()
        ],
    )


def facts(uow: UnitOfWork, customer_id: str, after: int, limit: int) -> list[sa.RowMapping]:
    """Return a customer's facts, oldest first."""
    listed = (
        sa.select(customer_fact)
        .where(customer_fact.c.customer_id == customer_id, customer_fact.c.position > after)
        .order_by(customer_fact.c.position)
        .limit(limit)
    )
    return list(uow.execute(listed).mappings())


def _latest(uow: UnitOfWork, customer_id: str) -> dict[str, str]:
    listed = (
        sa.select(customer_fact.c.field, customer_fact.c.fact_id)
        .where(customer_fact.c.customer_id == customer_id)
        .order_by(customer_fact.c.position)
    )
    return {row.field: row.fact_id for row in uow.execute(listed)}


def _fact(
    uow: UnitOfWork, customer_id: str, field: str, value: Any, supersedes_id: str, reason: str
) -> dict[str, Any]:
    return {
        "fact_id": uow.new_id(),
        "customer_id": customer_id,
        "field": field,
        "content": list(value) if isinstance(value, tuple) else [value],
        "supersedes_id": supersedes_id,
        "reason": reason,
        "author_id": uow.actor.staff_id,
        "recorded_at": uow.now,
    }


def _keep(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    if rows:
        uow.execute(customer_fact.insert(), rows)
