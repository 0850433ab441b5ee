"""The index of names: which names have which pieces. Written in the registration's transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.domain.features import features
from services.customers.domain.names import parse
from services.customers.domain.other_names import NameKind, OtherName
from services.customers.store import suggestions
from services.customers.store.tables import customer, known_name
from services.customers.store.tables import name_posting as _t

_NAMES = known_name.insert().returning(known_name.c.number, sort_by_parameter_order=True)
_OTHERS = (
    sa.select(known_name.c.customer_id, known_name.c.full_name, known_name.c.kind)
    .join(customer, customer.c.customer_id == known_name.c.customer_id)
    .where(
        known_name.c.customer_id.in_(sa.bindparam("ids", expanding=True)),
        known_name.c.full_name != customer.c.full_name,
    )
    .order_by(known_name.c.number)
)


def add(uow: UnitOfWork, names: Iterable[tuple[str, str]]) -> None:
    """Index (customer id, full name) pairs; a check after the commit sees them."""
    _add(uow, names, NameKind.OWN)


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


def rename(uow: UnitOfWork, customer_id: str, full_name: str) -> None:
    """Index a customer under its new name, too; those that it had before become former ones."""
    mine = known_name.c.customer_id == customer_id
    had = known_name.c.kind == NameKind.OWN.value
    uow.execute(known_name.update().where(mine, had).values(kind=NameKind.FORMER.value))
    again = known_name.update().where(mine, known_name.c.full_name == full_name)
    if uow.execute(again.values(kind=NameKind.OWN.value)).rowcount == 0:
        add(uow, [(customer_id, full_name)])


def others(uow: UnitOfWork, customer_ids: Sequence[str]) -> dict[str, tuple[OtherName, ...]]:
    """Return the other names of those of several customers that have any, oldest first."""
    found: dict[str, tuple[OtherName, ...]] = {}
    for row in uow.execute(_OTHERS, {"ids": list(customer_ids)}) if customer_ids else ():
        kind = NameKind.SHORT if row.kind == NameKind.SHORT.value else NameKind.FORMER
        found[row.customer_id] = (
            *found.get(row.customer_id, ()),
            OtherName(row.full_name, kind),
        )
    return found


def add_other(uow: UnitOfWork, customer_id: str, other: OtherName) -> None:
    """Index a customer under a name besides its own."""
    _add(uow, [(customer_id, other.name)], other.kind)


def remove_other(uow: UnitOfWork, customer_id: str, other: OtherName) -> None:
    """Find a customer no longer by a name besides its own."""
    mine = (known_name.c.customer_id == customer_id) & (known_name.c.full_name == other.name)
    number = uow.execute(sa.select(known_name.c.number).where(mine)).scalar_one()
    pieces = _t.c.feature.in_(features(parse(other.name)))
    uow.execute(_t.delete().where(pieces, _t.c.number == number))
    suggestions.forget(uow, number, other.name)
    uow.execute(known_name.delete().where(mine))


def _add(uow: UnitOfWork, names: Iterable[tuple[str, str]], kind: NameKind) -> None:
    rows = [
        {"customer_id": customer_id, "full_name": name, "kind": kind.value}
        for customer_id, name in names
    ]
    write(uow.connection, rows)
