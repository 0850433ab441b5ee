"""Names by what is being typed of them: from their beginnings, or by pieces in the middle."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
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

SCANNED = (300, 4_000)
"""Index entries that are looked through for those that the caller may see; more, if too few are."""

FIRST = 4
"""So many names are looked up at first for each that is wanted."""

ASKED = 1_000
"""Names that are looked up at once after that."""

OWN = 1_000
"""Of one's own customers so many are looked through whatever is typed."""

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


def forget(uow: UnitOfWork, number: int, full_name: str) -> None:
    """Take a name out of the index."""
    texts = name_start.c.text.in_(starts(full_name))
    uow.execute(name_start.delete().where(texts, name_start.c.number == number))


def rarest(uow: UnitOfWork, pieces: Iterable[int]) -> list[int]:
    """Return the few rarest of several pieces, the rarest first; none when a name lacks one."""
    asked = sorted(pieces)
    if not asked:
        return []
    rows = uow.execute(_sizes(len(asked)), _numbered(asked))
    sizes = sorted((row.size, row.piece) for row in rows)
    return [piece for _, piece in sizes[:PIECES]] if sizes[0][0] else []


def beginning(
    uow: UnitOfWork, text: str, sight: Sight, whose: Mapping[str, str], enough: int
) -> list[sa.RowMapping]:
    """Return customers of which a name begins with `text`, in any of its readings.

    Only those in sight of `whose`, as `custodies.visible` names it; `enough` of them or all among
    some thousands of index entries. Rows hold `customer_id`, `full_name`, `known` (the name
    that was found), `location` and `holder_id`; a customer may come up again under another name.
    """
    values = {"text": text, "until": text + LAST}
    return _search(uow, _BEGINNING, values, sight, whose, enough)


def containing(
    uow: UnitOfWork, pieces: Sequence[int], sight: Sight, whose: Mapping[str, str], enough: int
) -> list[sa.RowMapping]:
    """Return customers of which a name has all of some pieces, rows as of `beginning`."""
    if not pieces:
        return []
    return _search(uow, _containing(len(pieces)), _numbered(pieces), sight, whose, enough)


def own(uow: UnitOfWork, staff_id: str) -> list[sa.RowMapping]:
    """Return the customers that a person holds, rows as of `beginning`."""
    return list(uow.execute(_OWN, {"me": staff_id}).mappings())


def _search(
    uow: UnitOfWork,
    entries: sa.Select[Any],
    values: Mapping[str, Any],
    sight: Sight,
    whose: Mapping[str, str],
    enough: int,
) -> list[sa.RowMapping]:
    """Look up who is found, in steps that leave a database no choice but its indexes."""
    found: list[sa.RowMapping] = []
    seen: set[int] = set()
    for scanned in SCANNED:
        numbers = list(uow.execute(entries, {**values, "scanned": scanned}).scalars())
        fresh = iter([number for number in dict.fromkeys(numbers) if number not in seen])
        size = FIRST * enough if not seen else ASKED
        while len(found) < enough and (asked := list(islice(fresh, size))):
            size = ASKED
            found += uow.execute(_visible(sight), {"numbers": asked, **whose}).mappings()
        seen.update(numbers)
        if len(found) >= enough or len(numbers) < scanned:
            break
    return found


def _numbered(pieces: Iterable[int]) -> dict[str, int]:
    return {f"piece_{at}": piece for at, piece in enumerate(pieces)}


_LIMIT = sa.bindparam("scanned", type_=sa.Integer)
_BEGINNING = (
    sa.select(name_start.c.number)
    .where(name_start.c.text >= sa.bindparam("text"), name_start.c.text < sa.bindparam("until"))
    .order_by(name_start.c.text, name_start.c.number)
    .limit(_LIMIT)
)
_ROWS = (
    sa.select(
        customer.c.customer_id,
        customer.c.full_name,
        known_name.c.full_name.label("known"),
        custody.c.location,
        custody.c.holder_id,
    )
    .select_from(
        known_name.join(JOINED, custody.c.customer_id == known_name.c.customer_id).join(
            customer, customer.c.customer_id == known_name.c.customer_id
        )
    )
    .where(customer.c.duplicate_of == "")
)
_OWN = _ROWS.where(custody.c.holder_id == sa.bindparam("me")).limit(OWN)


@cache
def _visible(sight: Sight) -> sa.Select[Any]:
    asked = known_name.c.number.in_(sa.bindparam("numbers", expanding=True))
    return _ROWS.where(asked, custodies.visible(sight))


@cache
def _containing(count: int) -> sa.Select[Any]:
    leading = name_posting.alias()
    entries: sa.Select[Any] = sa.select(leading.c.number)
    entries = entries.where(leading.c.feature == sa.bindparam("piece_0"))
    for at in range(1, count):
        other = name_posting.alias()
        same = (other.c.feature == sa.bindparam(f"piece_{at}"), other.c.number == leading.c.number)
        entries = entries.where(sa.exists().where(*same))
    return entries.limit(_LIMIT)


@cache
def _sizes(count: int) -> sa.CompoundSelect[Any]:
    return sa.union_all(*(_size(at) for at in range(count)))


def _size(at: int) -> sa.Select[Any]:
    piece = sa.bindparam(f"piece_{at}", type_=sa.BigInteger)
    entries: sa.Select[Any] = sa.select(sa.literal_column("1")).where(
        name_posting.c.feature == piece
    )
    counted = entries.limit(SCANNED[-1]).subquery()
    size = sa.select(sa.func.count()).select_from(counted).scalar_subquery()
    return sa.select(piece.label("piece"), size.label("size"))
