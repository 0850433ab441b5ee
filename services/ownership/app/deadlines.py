"""The deadlines that the scheduler announces become those of positions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reclaim import Announced, Taking, take_over
from services.ownership.store import deadlines, positions
from services.ownership.store.positions import Position

CLOCK = "reclaim"


def follow_clocks(uow: UnitOfWork, event: Received) -> None:
    """Take over announced deadlines of current holdings; the newest wins, in whatever order."""
    if event.data["clock"] != CLOCK:
        return
    newest: dict[str, Announced] = {}
    for entry in event.data["entries"]:
        announced, known = _read(entry), newest.get(entry["subject_id"])
        if known is None or announced.version > known.version:
            newest[entry["subject_id"]] = announced
    take_all(uow, newest)


def take_all(uow: UnitOfWork, announced: Mapping[str, Announced]) -> None:
    """Take over deadlines of customers, and then what waited for them."""
    taken, late = _decide(uow, positions.lock(uow, list(announced)), announced)
    deadlines.take(uow, taken)
    deadlines.keep_late(uow, late)
    if taken and (waiting := deadlines.pop_late(uow, list(taken))):
        take_all(uow, waiting)


def _decide(
    uow: UnitOfWork, found: list[Position], announced: Mapping[str, Announced]
) -> tuple[dict[str, Announced], dict[str, Announced]]:
    rules = uow.policy(OwnershipPolicy).rules.reclaim
    taken, late = {}, {}
    for position in found:
        one = announced[position.customer_id]
        taking = take_over(position, one, rules, uow.now)
        if taking is Taking.TAKEN:
            taken[position.customer_id] = one
        elif taking is Taking.TOO_LATE:
            late[position.customer_id] = one
    return taken, late


def followed_up(uow: UnitOfWork, kept: Mapping[Position, datetime]) -> None:
    """Give customers whose deadline passed the follow-up that was in time.

    Their new deadline is on its way; what waited because it seemed too late is in time now.
    """
    deadlines.forget(uow, {position.customer_id: moment for position, moment in kept.items()})
    take_all(uow, deadlines.pop_late(uow, [position.customer_id for position in kept]))


def put_off(uow: UnitOfWork, later: Mapping[str, datetime]) -> None:
    """Show deadlines that are later than announced; what seemed too late may be in time now."""
    deadlines.put_off(uow, later)
    take_all(uow, deadlines.pop_late(uow, list(later)))


def _read(entry: Mapping[str, Any]) -> Announced:
    return Announced(
        party_id=entry["party_id"],
        version=entry["version"],
        basis_at=datetime.fromisoformat(entry["basis_time"]),
        due_at=datetime.fromisoformat(entry["due_time"]),
    )
