"""The index of names: which customers share pieces of a name. Written with the registration."""

from collections.abc import Iterable

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.domain.matching import Candidate, grams
from services.customers.domain.names import ParsedName, parse
from services.customers.store.tables import customer, identity
from services.customers.store.tables import name_gram as _t

CANDIDATES = 200

_NEAREST = (
    sa.select(_t.c.customer_id)
    .where(_t.c.gram.in_(sa.bindparam("grams", expanding=True)))
    .group_by(_t.c.customer_id)
    .order_by(sa.func.count().desc(), _t.c.customer_id)
    .limit(CANDIDATES)
    .subquery()
)
_CANDIDATES = (
    sa.select(customer.c.customer_id, customer.c.full_name, identity.c.identity_key)
    .join(_NEAREST, _NEAREST.c.customer_id == customer.c.customer_id)
    .join(identity, identity.c.customer_id == customer.c.customer_id)
)


def add(uow: UnitOfWork, names: Iterable[tuple[str, str]]) -> None:
    """Index (customer id, full name) pairs."""
    rows = [
        {"gram": gram, "customer_id": customer_id}
        for customer_id, full_name in names
        for gram in sorted(grams(parse(full_name)))
    ]
    if rows:
        uow.execute(_t.insert(), rows)


def replace(uow: UnitOfWork, customer_id: str, full_name: str) -> None:
    """Index a customer under another name."""
    uow.execute(_t.delete().where(_t.c.customer_id == customer_id))
    add(uow, [(customer_id, full_name)])


def candidates(uow: UnitOfWork, name: ParsedName) -> list[Candidate]:
    """Return the customers that share most pieces with `name`, at most `CANDIDATES`."""
    rows = uow.connection.execute(_CANDIDATES, {"grams": sorted(grams(name))})
    return [Candidate(row[0], row[2], parse(row[1])) for row in rows]
