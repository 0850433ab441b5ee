"""The index of names: which names have which pieces. Written in the registration's transaction."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.domain.features import BUDGET, features, rarest_first, worth
from services.customers.domain.matching import Candidate
from services.customers.domain.names import ParsedName, parse
from services.customers.store import suggestions
from services.customers.store.tables import identity, known_name
from services.customers.store.tables import name_posting as _t

CANDIDATES = 40
"""Names that share most are weighed; the one that is meant is hardly ever further behind."""

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
        suggestions.forget(uow, row["number"])
    uow.execute(known_name.delete().where(of_customer))
    add(uow, [(customer_id, full_name)])


def candidates(uow: UnitOfWork, name: ParsedName) -> list[Candidate]:
    """Return the customers whose names share most with `name`, rare pieces most, best first.

    At most `CANDIDATES`, from the rarest pieces on until some `BUDGET` entries are read. A
    name without any piece resembles nothing.
    """
    asked = sorted(features(name))
    if not asked:
        return []
    values = {f"feature_{at}": feature for at, feature in enumerate(asked)}
    sizes = {row.feature: row.size for row in uow.connection.execute(_sizes(len(asked)), values)}
    chosen = rarest_first(sizes, BUDGET)
    if not chosen:
        return []
    values = {f"feature_{at}": feature for at, feature in enumerate(chosen)}
    worths = {f"worth_{at}": worth(sizes[feature]) for at, feature in enumerate(chosen)}
    rows = uow.connection.execute(_nearest(len(chosen)), values | worths)
    return [Candidate(row.customer_id, row.identity_key, parse(row.full_name)) for row in rows]


@cache
def _sizes(count: int) -> sa.CompoundSelect[Any]:
    """Count the entries of so many pieces, as far as it matters."""
    return sa.union_all(*(_size(at) for at in range(count)))


def _size(at: int) -> sa.Select[Any]:
    feature = sa.bindparam(f"feature_{at}", type_=sa.BigInteger)
    entries: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).where(_t.c.feature == feature).limit(BUDGET + 1)
    )
    size = sa.select(sa.func.count()).select_from(entries.subquery()).scalar_subquery()
    return sa.select(feature.label("feature"), size.label("size"))


@cache
def _nearest(count: int) -> sa.Select[Any]:
    """Find the names that share most of so many pieces, each with its worth."""
    shared = sa.union_all(*(_having(at) for at in range(count))).subquery()
    total = sa.func.sum(shared.c.worth).label("total")
    best = (
        sa.select(shared.c.number, total)
        .group_by(shared.c.number)
        .order_by(total.desc(), shared.c.number)
        .limit(CANDIDATES)
        .subquery()
    )
    return (
        sa.select(known_name.c.customer_id, known_name.c.full_name, identity.c.identity_key)
        .join(best, best.c.number == known_name.c.number)
        .join(identity, identity.c.customer_id == known_name.c.customer_id)
        .order_by(best.c.total.desc(), best.c.number)
    )


def _having(at: int) -> sa.Select[Any]:
    feature = sa.bindparam(f"feature_{at}", type_=sa.BigInteger)
    value = sa.bindparam(f"worth_{at}", type_=sa.Float)
    return sa.select(_t.c.number, value.label("worth")).where(_t.c.feature == feature)
