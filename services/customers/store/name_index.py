"""The index of names: which names have which pieces. Written in the registration's transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.domain.features import features
from services.customers.domain.names import parse
from services.customers.store import suggestions
from services.customers.store.tables import known_name
from services.customers.store.tables import name_posting as _t

_NAMES = known_name.insert().returning(known_name.c.number, sort_by_parameter_order=True)


def add(uow: UnitOfWork, names: Iterable[tuple[str, str]]) -> None:
    """Index (customer id, full name) pairs; a check after the commit sees them."""
    rows = [{"customer_id": customer_id, "full_name": name} for customer_id, name in names]
    write(uow.connection, rows)


def write(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of `known_name` with their pieces."""
    if not rows:
        return
    numbers = connection.execute(_NAMES, rows).scalars().all()
    connection.execute(
        _t.insert(),
        [
            {"feature": feature, "number": number}
            for number, row in zip(numbers, rows, strict=True)
            for feature in sorted(features(parse(row["full_name"])))
        ],
    )
    suggestions.write(connection, zip(numbers, (row["full_name"] for row in rows), strict=True))


def replace(uow: UnitOfWork, customer_id: str, full_name: str) -> None:
    """Index a customer under another name."""
    of_customer = known_name.c.customer_id == customer_id
    known = sa.select(known_name.c.number, known_name.c.full_name).where(of_customer)
    for row in uow.execute(known).mappings().all():
        pieces = _t.c.feature.in_(sorted(features(parse(row["full_name"]))))
        uow.execute(_t.delete().where(pieces, _t.c.number == row["number"]))
        suggestions.forget(uow, row["number"], row["full_name"])
    uow.execute(known_name.delete().where(of_customer))
    add(uow, [(customer_id, full_name)])
