"""Names by what is being typed of them: from their beginnings, or by pieces in the middle."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.domain.sight import Sight
from services.customers.domain.starts import starts
from services.customers.store import custodies
from services.customers.store.custodies import JOINED
from services.customers.store.tables import (
    custody,
    customer,
    known_name,
    name_posting,
    name_start,
)

SCANNED = 4_000
"""Entries of the index that are looked through for those that the caller may see."""

READ = 160
"""Rows that are read to choose from: so many names at most, several beginnings of one."""

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
    rows = uow.execute(_sizes(len(asked)), _numbered(asked))
    sizes = sorted((row.size, row.piece) for row in rows)
    return [piece for _, piece in sizes[:PIECES]] if sizes[0][0] else []


def find(
    uow: UnitOfWork, text: str, pieces: Sequence[int], sight: Sight, whose: Mapping[str, str]
) -> list[sa.RowMapping]:
    """Return rows of customers whose name begins with `text`, or has all of some `pieces`.

    Only those in sight of `whose`, as `custodies.visible` names it. One's own and one's team's
    are all looked through; of the others, so many index entries. Rows hold `customer_id`,
    `full_name`, `known` (the name that was found), `location`, `holder_id`, and `inside` (0 where
    the text begins something); a customer may come up again.
    """
    like = "%" + "".join("\\" + ch if ch in "%_\\" else ch for ch in text) + "%"
    values = {"text": text, "until": text + LAST, "like": like, **whose, **_numbered(pieces)}
    return list(uow.execute(_found(len(pieces), sight), values).mappings())


def _numbered(pieces: Iterable[int]) -> dict[str, int]:
    return {f"piece_{at}": piece for at, piece in enumerate(pieces)}


@cache
def _found(count: int, sight: Sight) -> sa.CompoundSelect[Any]:
    beginning = sa.select(name_start.c.number, sa.literal(0).label("inside")).where(_BEGINS)
    entries = [beginning.order_by(name_start.c.text).limit(SCANNED)]
    if count:
        entries.append(_containing(count))
    if not sight.everything:
        mine = sa.select(known_name.c.number, sa.literal(0).label("inside"))
        mine = mine.select_from(_NAMES.join(name_start, name_start.c.number == known_name.c.number))
        inside = sa.select(known_name.c.number, sa.literal(1).label("inside")).select_from(_NAMES)
        like = known_name.c.full_name.like(sa.bindparam("like"), escape="\\")
        near = custodies.near(sight)
        entries += [
            mine.where(near, _BEGINS).limit(SCANNED),
            inside.where(near, like).limit(SCANNED),
        ]
    arms = (_seen(one.subquery(), sight).subquery() for one in entries)
    return sa.union_all(*map(sa.select, arms))


_BEGINS = sa.and_(
    name_start.c.text >= sa.bindparam("text"), name_start.c.text < sa.bindparam("until")
)
_NAMES = JOINED.join(known_name, known_name.c.customer_id == custody.c.customer_id)


def _seen(entries: sa.Subquery, sight: Sight) -> sa.Select[Any]:
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
        .where(custodies.visible(sight), customer.c.duplicate_of == "")
        .limit(READ)
    )


def _containing(count: int) -> sa.Select[Any]:
    leading = name_posting.alias()
    entries: sa.Select[Any] = sa.select(leading.c.number, sa.literal(1).label("inside"))
    entries = entries.where(leading.c.feature == sa.bindparam("piece_0"))
    for at in range(1, count):
        other = name_posting.alias()
        same = (other.c.feature == sa.bindparam(f"piece_{at}"), other.c.number == leading.c.number)
        entries = entries.where(sa.exists().where(*same))
    return entries.limit(SCANNED)


@cache
def _sizes(count: int) -> sa.CompoundSelect[Any]:
    return sa.union_all(*(_size(at) for at in range(count)))


def _size(at: int) -> sa.Select[Any]:
    piece = sa.bindparam(f"piece_{at}", type_=sa.BigInteger)
    entries: sa.Select[Any] = sa.select(sa.literal_column("1")).where(
        name_posting.c.feature == piece
    )
    counted = entries.limit(SCANNED).subquery()
    size = sa.select(sa.func.count()).select_from(counted).scalar_subquery()
    return sa.select(piece.label("piece"), size.label("size"))
