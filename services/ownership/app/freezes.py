"""Freezing: what a departure or a dispute holds where it is, until the last of them ends.

A frozen customer cannot be claimed, released, reclaimed or distributed by anyone; its clock
stands still from the first freeze to the end of the last.
"""

from collections.abc import Sequence
from typing import Literal

from chassis.kernel import Event
from chassis.unit import UnitOfWork
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import FROZEN
from services.ownership.store import freezes
from services.ownership.store.positions import Position

HOLDING_FROZEN = "crm.ownership.holding.frozen.v1"
HOLDING_THAWED = "crm.ownership.holding.thawed.v1"

Cause = Literal["departure", "dispute"]


def freeze(
    uow: UnitOfWork, customer_ids: Sequence[str], cause: Cause, reference_id: str
) -> list[str]:
    """Freeze customers for a cause; return those that this call froze, in the order of their ids.

    Repeating it changes nothing, also after `thaw`: a cause freezes a customer once. The first
    freeze of a customer is announced (`holding.frozen`). Customers unknown here are left out.
    """
    locked = {row["customer_id"]: row for row in freezes.lock(uow, customer_ids)}
    known = freezes.begun(uow, list(locked), cause, reference_id)
    frozen = [customer_id for customer_id in locked if customer_id not in known]
    if not frozen:
        return []
    since = freezes.since(uow, frozen)
    freezes.begin(
        uow,
        [
            {
                "customer_id": customer_id,
                "cause": cause,
                "reference_id": reference_id,
                "began_at": uow.now,
                "frozen_since": since.get(customer_id, uow.now),
            }
            for customer_id in frozen
        ],
    )
    now = uow.now.isoformat()
    uow.emit_all(
        [
            Event(
                HOLDING_FROZEN,
                customer_id,
                {
                    "customer_id": customer_id,
                    "holder_id": locked[customer_id]["holder_id"] or "",
                    "cause": cause,
                    "reference_id": reference_id,
                    "freeze_time": now,
                },
            )
            for customer_id in frozen
            if locked[customer_id]["freeze_count"] == 0
        ]
    )
    return frozen


def thaw(
    uow: UnitOfWork, customer_ids: Sequence[str], cause: Cause, reference_id: str
) -> list[str]:
    """End a cause's freeze of customers; return those that it froze until now.

    Repeating it changes nothing. The end of a customer's last freeze is announced
    (`holding.thawed`, with the time since when it was frozen without a break).
    """
    locked = {row["customer_id"]: row for row in freezes.lock(uow, customer_ids)}
    known = freezes.begun(uow, list(locked), cause, reference_id)
    thawed = [customer_id for customer_id in locked if known.get(customer_id)]
    if not thawed:
        return []
    since = freezes.since(uow, thawed)
    freezes.end(uow, thawed, cause, reference_id)
    now = uow.now.isoformat()
    uow.emit_all(
        [
            Event(
                HOLDING_THAWED,
                customer_id,
                {
                    "customer_id": customer_id,
                    "holder_id": locked[customer_id]["holder_id"] or "",
                    "cause": cause,
                    "reference_id": reference_id,
                    "freeze_time": since[customer_id].isoformat(),
                    "thaw_time": now,
                },
            )
            for customer_id in thawed
            if locked[customer_id]["freeze_count"] == 1
        ]
    )
    return thawed


def require_thawed(uow: UnitOfWork, position: Position) -> None:
    """Refuse what moves a frozen customer (FROZEN)."""
    if position.freeze_count:
        rule = uow.policy(OwnershipPolicy).rules.frozen
        raise FROZEN.refuse(clause=rule.clause)
