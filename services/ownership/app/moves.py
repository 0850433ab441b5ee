"""The two moves that every door ends in: into a library, and out of it.

Both are conditional updates of the one row that a customer has, kept in the history and announced
in the same transaction. The slot of the new holder must have been taken before (`store.quotas`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.kernel import Decision, Event, Identity
from chassis.rules import Rule
from chassis.unit import UnitOfWork
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import ALREADY_PROTECTED, MOVED_MEANWHILE
from services.ownership.store import positions, quotas
from services.ownership.store.positions import Position

GRANTED = "crm.ownership.holding.granted.v1"
RELEASED = "crm.ownership.holding.released.v1"


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a customer moves: how, by which rule, seen which facts, for which case.

    The facts named in `withheld` are about others than whom the move concerns.
    """

    manner: str
    rule: Rule
    facts: dict[str, Any] = field(default_factory=dict)
    case_id: str = ""
    reason: str = "GRANTED"
    withheld: tuple[str, ...] = ()


def put_in(
    uow: UnitOfWork,
    position: Position,
    holder: Identity,
    grounds: Grounds,
    *,
    counted: bool,
    protected_at: datetime,
    pause_time: datetime | None = None,
) -> str:
    """Make `holder` the holder of a customer that is exactly where `position` says.

    Of a customer that somebody else holds the slot is given back. `protected_at` is when the
    protection began; `pause_time` when it was interrupted, for one that is restored. Returns the
    decision's id; refused with ALREADY_PROTECTED when someone was faster.
    """
    facts = {"from": position.location, "holder": holder.staff_id, "counted": counted}
    who = (holder.staff_id, position.holder_id or "")
    theirs = ("holder",) if position.holder_id else ()
    decided = _decision(grounds, facts, who, theirs)
    decision_id = uow.record(decided, position.customer_id)
    if position.holder_id and position.counted:
        quotas.change(uow, position.holder_id, used=-1)
    moved = positions.update(
        uow,
        position.customer_id,
        _as_seen(position),
        {
            "location": Location.PRIVATE_LIBRARY.value,
            "holder_id": holder.staff_id,
            "case_id": None,
            "counted": counted,
            "protected_at": protected_at,
            "arrived_at": uow.now,
            "due_at": None,
            "due_basis_at": None,
            "thawed_at": uow.now if pause_time else position.thawed_at,
        },
    )
    if not moved:
        policy = uow.policy(OwnershipPolicy).rules
        raise ALREADY_PROTECTED.refuse(clause=policy.claim.already_protected.clause)
    to = (Location.PRIVATE_LIBRARY, holder.staff_id)
    _keep(uow, position, to, grounds, decision_id)
    announce_granted(
        uow,
        position,
        holder,
        grounds,
        decision_id=decision_id,
        protected_at=protected_at,
        pause_time=pause_time,
    )
    return decision_id


def take_out(uow: UnitOfWork, position: Position, to: Location, grounds: Grounds) -> str:
    """Take a customer that is exactly where `position` says out of its library, and say why.

    Gives the slot back. Returns the decision's id; refused with MOVED_MEANWHILE when it is no
    longer there.
    """
    assert position.holder_id, "nobody holds it"
    decided = _decision(grounds, {"to": to.value}, (position.holder_id,))
    decision_id = uow.record(decided, position.customer_id)
    if position.counted:
        quotas.change(uow, position.holder_id, used=-1)
    emptied = _emptied(uow, to) | {"releaser_count": position.releaser_count}
    if not positions.update(uow, position.customer_id, _as_seen(position), emptied):
        raise MOVED_MEANWHILE.refuse(clause=grounds.rule.clause)
    _keep(uow, position, (to, ""), grounds, decision_id)
    uow.emit(_released(position, to, grounds, decision_id))
    return decision_id


def take_out_all(
    uow: UnitOfWork, taken: Sequence[tuple[Position, Grounds]], to: Location
) -> list[str]:
    """Take customers out of their libraries as `take_out` does, in few statements.

    Their positions, and the counters of their holders before, must be locked by this transaction.
    Returns the ids of the decisions, in order.
    """
    if not taken:
        return []
    decided = [
        _decision(grounds, {"to": to.value}, (position.holder_id or "",))
        for position, grounds in taken
    ]
    ids = [position.customer_id for position, _ in taken]
    decision_ids = uow.record_all(list(zip(decided, ids, strict=True)))
    quotas.give_back(uow, Counter(p.holder_id or "" for p, _ in taken if p.counted))
    positions.update_all(uow, ids, _emptied(uow, to))
    moved = list(zip(taken, decision_ids, strict=True))
    positions.keep_changes(
        uow,
        [
            (p.customer_id, p, (to, ""), grounds.manner, grounds.rule.clause, decision_id)
            for (p, grounds), decision_id in moved
        ],
    )
    uow.emit_all([_released(p, to, grounds, one) for (p, grounds), one in moved])
    return decision_ids


def _emptied(uow: UnitOfWork, to: Location) -> dict[str, Any]:
    """What a position becomes that nobody holds any more."""
    nothing = ("holder_id", "case_id", "protected_at", "due_at", "due_basis_at")
    there = {"location": to.value, "counted": False, "arrived_at": uow.now}
    return there | dict.fromkeys(nothing)


def _released(position: Position, to: Location, grounds: Grounds, decision_id: str) -> Event:
    data = {
        "customer_id": position.customer_id,
        "full_name": position.full_name,
        "category": position.category,
        "case_id": grounds.case_id,
        "from_holder_id": position.holder_id,
        "location": to.value,
        "manner": grounds.manner,
        "releaser_count": position.releaser_count,
        "decision_id": decision_id,
        "clause": grounds.rule.clause,
    }
    return Event(RELEASED, position.customer_id, data)


def announce_granted(
    uow: UnitOfWork,
    position: Position,
    holder: Identity,
    grounds: Grounds,
    *,
    decision_id: str,
    protected_at: datetime,
    pause_time: datetime | None = None,
) -> None:
    """Announce that a customer came into a library, from where `position` says it was."""
    data = {
        "customer_id": position.customer_id,
        "full_name": position.full_name,
        "category": position.category,
        "case_id": grounds.case_id,
        "holder_id": holder.staff_id,
        "from_holder_id": position.holder_id or "",
        "department": holder.department,
        "team": holder.team,
        "location": Location.PRIVATE_LIBRARY.value,
        "manner": grounds.manner,
        "protect_time": protected_at.isoformat(),
        "pause_time": pause_time.isoformat() if pause_time else "",
        "decision_id": decision_id,
        "clause": grounds.rule.clause,
    }
    uow.emit(Event(GRANTED, position.customer_id, data))


def _as_seen(position: Position) -> dict[str, Any]:
    names = ("location", "holder_id", "case_id", "counted", "freeze_count")
    return {name: getattr(position, name) for name in names}


def _decision(
    grounds: Grounds,
    facts: dict[str, Any],
    concerned: tuple[str, ...],
    withheld: tuple[str, ...] = (),
) -> Decision:
    rule = grounds.rule
    return Decision(
        grounds.manner,
        "granted",
        grounds.reason,
        rule.clause,
        rule.say,
        facts | grounds.facts,
        concerned=concerned,
        withheld=(*grounds.withheld, *withheld),
    )


def _keep(
    uow: UnitOfWork,
    before: Position,
    to: tuple[Location, str],
    grounds: Grounds,
    decision_id: str,
) -> None:
    manner, clause = grounds.manner, grounds.rule.clause
    positions.keep_change(uow, before.customer_id, before, to, manner, clause, decision_id)
