"""Lists of customers that nobody holds: the public pool, and those that wait for distribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from chassis import keysets
from chassis.kernel import Refused
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.unit import UnitOfWork
from services.ownership.app.claims import claimer, hindrance
from services.ownership.app.plans import day_begins
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import distribution, people, positions
from services.ownership.store.people import Colleague
from services.ownership.store.positions import Position
from services.ownership.store.tables import position as _p

Sorting = Literal["arrive_time", "name"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers, and in which order; what is empty does not matter."""

    query: str = ""
    category: str = ""
    order: Sorting = "arrive_time"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Unheld:
    """A customer that nobody holds, and how it came where it is.

    `previous` is who held it last, when the caller may know; `refused` what stands against the
    caller's claim of it, `overdue` whether it waits for longer than it should.
    """

    position: Position
    manner: str
    previous: Colleague | None
    keys: Keys
    refused: Refused | None = None
    overdue: bool = False


def list_pool(
    uow: UnitOfWork, wanted: Wanted, after: list[Any] | None, limit: int
) -> tuple[list[Unheld], Total]:
    """Return a page of the public pool, and how many there are altogether."""
    uow.policy(OwnershipPolicy).rules.pool.list.require(uow.actor)
    rows, total = _read(uow, Location.PUBLIC_POOL, wanted, after, limit)
    found = _told(uow, rows)
    who = claimer(uow)
    ids = [one.position.customer_id for one in found]
    released = {} if who.refused else positions.last_releases(uow, ids, uow.actor.staff_id)
    return [
        Unheld(
            position=one.position,
            manner=one.manner,
            previous=one.previous,
            keys=one.keys,
            refused=hindrance(uow, who, one.position, released.get(one.position.customer_id)),
        )
        for one in found
    ], total


def list_awaiting(
    uow: UnitOfWork, wanted: Wanted, after: list[Any] | None, limit: int
) -> tuple[list[Unheld], Total]:
    """Return a page of those that wait, each with whether it is overdue (H-6.7f), and the total."""
    uow.policy(OwnershipPolicy).rules.runs.read.require(uow.actor)
    rows, total = _read(uow, Location.AWAITING_DISTRIBUTION, wanted, after, limit)
    passed = distribution.last_deadline(uow)
    before = day_begins(uow, passed) if passed else None
    return [
        Unheld(
            position=one.position,
            manner=one.manner,
            previous=one.previous,
            keys=one.keys,
            overdue=before is not None and one.position.arrived_at < before,
        )
        for one in _told(uow, rows)
    ], total


def _read(
    uow: UnitOfWork, place: Location, wanted: Wanted, after: list[Any] | None, limit: int
) -> tuple[list[sa.RowMapping], Total]:
    listed = sa.select(_p).where(_p.c.location == place.value)
    if wanted.query:
        listed = listed.where(_p.c.full_name.icontains(wanted.query, autoescape=True))
    if wanted.category:
        listed = listed.where(_p.c.category == wanted.category)
    first = _p.c.full_name if wanted.order == "name" else _p.c.arrived_at
    order = Order((first, _p.c.customer_id), wanted.descending)
    return keysets.read(uow, listed, order, after, limit), keysets.count(uow, listed)


def _told(uow: UnitOfWork, rows: Sequence[sa.RowMapping]) -> list[Unheld]:
    """Add to customers how they came there, and from whom if the caller may know."""
    readers = uow.policy(OwnershipPolicy).rules.library.readers
    moves = positions.last_changes(uow, [row["customer_id"] for row in rows])
    found = []
    for row in rows:
        move = moves.get(row["customer_id"])
        previous = people.colleague(move) if move and move["colleague_staff_id"] else None
        if previous and previous.staff_id != uow.actor.staff_id:
            visible = readers.allows(uow.actor, previous.department, previous.team)
            previous = previous if visible else None
        manner = move["manner"] if move else ""
        found.append(Unheld(positions.of(row), manner, previous, keysets.keys(row)))
    return found
