"""Which customers have which marks. Written in the transaction that writes the record."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.store.tables import customer
from services.customers.store.tables import known_mark as _t

_OPEN = (
    sa.select(_t.c.mark, customer.c.customer_id, customer.c.full_name)
    .join(customer, customer.c.customer_id == _t.c.customer_id)
    .where(_t.c.mark.in_(sa.bindparam("marks", expanding=True)), customer.c.duplicate_of == "")
    .order_by(customer.c.created_at, customer.c.customer_id)
)


def add(uow: UnitOfWork, marks: Mapping[str, Iterable[str]]) -> None:
    """Keep the marks of new customers, by customer id."""
    write(uow.connection, marks)


def write(connection: sa.Connection, marks: Mapping[str, Iterable[str]]) -> None:
    """Insert the marks of customers that have none yet."""
    rows = [
        {"mark": mark, "customer_id": customer_id}
        for customer_id, its in marks.items()
        for mark in sorted(its)
    ]
    if rows:
        connection.execute(_t.insert(), rows)


def replace(uow: UnitOfWork, customer_id: str, marks: Iterable[str]) -> None:
    """Keep these marks of a customer instead of those that it had."""
    uow.execute(_t.delete().where(_t.c.customer_id == customer_id))
    add(uow, {customer_id: marks})


def open_customers(uow: UnitOfWork, marks: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return (mark, customer id, full name) of open customers with one of some marks, oldest first.

    For marks that few customers share, as credit codes.
    """
    asked = sorted(set(marks))
    if not asked:
        return []
    rows = uow.execute(_OPEN, {"marks": asked})
    return [(row.mark, row.customer_id, row.full_name) for row in rows]
