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
POSTINGS = 4_000
"""Entries of the index that one search reads, more or less: the rarest pieces say most."""
EVEN = 1_000
"""Makes the weights of pieces more even: one with so many entries counts half of a unique one."""


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
    """Return the customers that share the rarest pieces with `name`, at most `CANDIDATES`.

    Pieces are read from the rarest on until `POSTINGS` entries; the rarest always.
    """
    asked = sorted(grams(name))
    values = {f"gram_{number}": gram for number, gram in enumerate(asked)}
    rows = uow.connection.execute(_nearest(len(asked)), values)
    return [Candidate(row[0], row[2], parse(row[1])) for row in rows]


@cache
def _nearest(count: int) -> sa.Select[Any]:
    """Return the search by `count` pieces, in one statement."""
    sized = sa.union_all(*(_size(number) for number in range(count))).cte("sized")
    so_far = sa.func.sum(sized.c.size).over(order_by=[sized.c.size, sized.c.gram])
    running = sa.select(sized, so_far.label("so_far")).where(sized.c.size > 0).cte("running")
    chosen = (
        sa.select(running)
        .where((running.c.so_far <= POSTINGS) | (running.c.so_far == running.c.size))
        .cte("chosen")
    )
    shared = sa.func.sum(1.0 / (chosen.c.size + EVEN))
    nearest = (
        sa.select(_t.c.customer_id)
        .join(chosen, chosen.c.gram == _t.c.gram)
        .group_by(_t.c.customer_id)
        .order_by(shared.desc(), _t.c.customer_id)
        .limit(CANDIDATES)
        .cte("nearest")
    )
    return (
        sa.select(customer.c.customer_id, customer.c.full_name, identity.c.identity_key)
        .join(nearest, nearest.c.customer_id == customer.c.customer_id)
        .join(identity, identity.c.customer_id == customer.c.customer_id)
    )


def _size(number: int) -> sa.Select[Any]:
    """Count the entries of one piece, as far as it matters."""
    gram = sa.bindparam(f"gram_{number}", type_=_t.c.gram.type)
    entries: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).where(_t.c.gram == gram).limit(POSTINGS + 1)
    )
    size = sa.select(sa.func.count()).select_from(entries.subquery()).scalar_subquery()
    return sa.select(gram.label("gram"), size.label("size"))
