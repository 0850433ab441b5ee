"""Names by what is being typed of them: from their beginnings, or by pieces in the middle."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.domain.starts import starts
from services.customers.store.custodies import JOINED
from services.customers.store.tables import (
    colleague,
    custody,
    customer,
    known_name,
    name_posting,
    name_start,
)

SCANNED = 4_000
"""Entries of the index that are looked through for those that the caller may see."""

READ = 160
"""Rows that are read to choose from; several may be of one name."""

LAST = "\U0010ffff"
"""Behind every text with the same beginning."""

PIECES = 4
"""So many pieces, the rarest, leave hardly any name that does not contain the text."""


def write(connection: sa.Connection, names: Iterable[tuple[int, str]]) -> None:
    """Index names by their numbers."""
    rows = [
        {"text": text, "number": number}
        for number, full_name in names
        for text in sorted(starts(full_name))
    ]
    if rows:
        connection.execute(name_start.insert(), rows)


def forget(uow: UnitOfWork, number: int) -> None:
    """Take a name out."""
    uow.execute(name_start.delete().where(name_start.c.number == number))


def rarest(uow: UnitOfWork, pieces: Iterable[int]) -> list[int]:
    """Return the few rarest of several pieces, the rarest first; none when a name lacks one."""
    asked = sorted(pieces)
    if not asked:
        return []
    counts = sa.union_all(*(_size(piece) for piece in asked))
    sizes = [(row.size, row.piece) for row in uow.execute(counts)]
    return [piece for _, piece in sorted(sizes)[:PIECES]] if all(s for s, _ in sizes) else []


def find(
    uow: UnitOfWork,
    text: str,
    pieces: Sequence[int],
    *,
    visible: sa.ColumnElement[bool],
    near: sa.ColumnElement[bool] | None,
) -> list[sa.RowMapping]:
    """Return rows of customers whose name begins with `text`, or has all of some `pieces`.

    Only those that fulfil `visible`, a condition on the joined custody. Those that fulfil `near`,
    which must name few holders, are all looked through; of the others, so many index entries.
    Rows hold `customer_id`, `full_name`, `known` (the name that was found), `location`,
    `holder_id`, and `inside` (0 where the text begins something); a customer may come up again.
    """
    begins = sa.and_(name_start.c.text >= text, name_start.c.text < text + LAST)
    entries = (
        sa.select(name_start.c.number, sa.literal(0).label("inside"))
        .where(begins)
        .order_by(name_start.c.text)
        .limit(SCANNED)
    )
    arms = [_read(entries.subquery(), visible)]
    if pieces:
        arms.append(_read(_containing(pieces).subquery(), visible))
    if near is not None:
        mine = (
            sa.select(name_start.c.number, sa.literal(0).label("inside"))
            .select_from(_NEAR.join(name_start, name_start.c.number == known_name.c.number))
            .where(near, begins)
            .limit(SCANNED)
        )
        arms.append(_read(mine.subquery(), visible))
        inside = (
            sa.select(known_name.c.number, sa.literal(1).label("inside"))
            .select_from(_NEAR)
            .where(near, known_name.c.full_name.icontains(text, autoescape=True))
            .limit(SCANNED)
        )
        arms.append(_read(inside.subquery(), visible))
    found = sa.union_all(*(sa.select(arm.subquery()) for arm in arms))
    return list(uow.execute(found).mappings())


_NEAR = custody.outerjoin(colleague, colleague.c.staff_id == custody.c.holder_id).join(
    known_name, known_name.c.customer_id == custody.c.customer_id
)


def _read(entries: sa.Subquery, visible: sa.ColumnElement[bool]) -> sa.Select[Any]:
    joined = (
        entries.join(known_name, known_name.c.number == entries.c.number)
        .join(JOINED, custody.c.customer_id == known_name.c.customer_id)
        .join(customer, customer.c.customer_id == known_name.c.customer_id)
    )
    return (
        sa.select(
            customer.c.customer_id,
            customer.c.full_name,
            known_name.c.full_name.label("known"),
            custody.c.location,
            custody.c.holder_id,
            entries.c.inside,
        )
        .select_from(joined)
        .where(visible, customer.c.duplicate_of == "")
        .limit(READ)
    )


def _containing(pieces: Sequence[int]) -> sa.Select[Any]:
    leading = name_posting.alias()
    entries: sa.Select[Any] = sa.select(leading.c.number, sa.literal(1).label("inside"))
    entries = entries.where(leading.c.feature == pieces[0])
    for piece in pieces[1:]:
        other = name_posting.alias()
        same = (other.c.feature == piece, other.c.number == leading.c.number)
        entries = entries.where(sa.exists().where(*same))
    return entries.limit(SCANNED)


def _size(piece: int) -> sa.Select[Any]:
    entries: sa.Select[Any] = sa.select(sa.literal_column("1")).where(
        name_posting.c.feature == piece
    )
    counted = entries.limit(SCANNED).subquery()
    size = sa.select(sa.func.count()).select_from(counted).scalar_subquery()
    return sa.select(sa.literal(piece, sa.BigInteger).label("piece"), size.label("size"))
