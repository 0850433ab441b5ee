"""The index of names: which customers share pieces of a name. Written with the registration."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.domain.matching import Candidate, grams
from services.customers.domain.names import ParsedName, parse
from services.customers.store.tables import customer, identity
from services.customers.store.tables import name_gram as _t

CANDIDATES = 200
POSTINGS = 8_000
"""Entries of the index that one search reads, more or less: the rarest pieces say most."""

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
    """Return the customers that share most of the rare pieces of `name`, at most `CANDIDATES`.

    Pieces are taken from the rarest on until they have `POSTINGS` entries; the rarest always. A
    name without any, of signs only, resembles nothing.
    """
    asked = sorted(grams(name))
    if not asked:
        return []
    values = {f"gram_{number}": gram for number, gram in enumerate(asked)}
    sizes = [(row.size, row.gram) for row in uow.connection.execute(_sizes(len(asked)), values)]
    rows = uow.connection.execute(_CANDIDATES, {"grams": rarest(sizes)})
    return [Candidate(row[0], row[2], parse(row[1])) for row in rows]


def rarest(sizes: Iterable[tuple[int, str]]) -> list[str]:
    """Choose the pieces to look for, given (entries, piece): none that has no entry."""
    chosen: list[str] = []
    read = 0
    for size, gram in sorted(sizes):
        read += size
        if chosen and read > POSTINGS:
            break
        if size:
            chosen.append(gram)
    return chosen


@cache
def _sizes(count: int) -> sa.CompoundSelect[Any]:
    """Count the entries of so many pieces, as far as it matters."""
    return sa.union_all(*(_size(number) for number in range(count)))


def _size(number: int) -> sa.Select[Any]:
    gram = sa.bindparam(f"gram_{number}", type_=_t.c.gram.type)
    entries: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).where(_t.c.gram == gram).limit(POSTINGS + 1)
    )
    size = sa.select(sa.func.count()).select_from(entries.subquery()).scalar_subquery()
    return sa.select(gram.label("gram"), size.label("size"))
