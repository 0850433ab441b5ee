"""A record that turned out to be a copy of another is closed, and may be opened again."""

from datetime import datetime

from chassis.kernel import Decision, Event, Identity
from chassis.unit import UnitOfWork
from services.ownership.app.moves import Grounds, put_in, take_out
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.domain.reasons import MOVED_MEANWHILE
from services.ownership.store import positions, quotas
from services.ownership.store.positions import Position

POSITION_CLOSED = "crm.ownership.position.closed.v1"
POSITION_REOPENED = "crm.ownership.position.reopened.v1"


def close(
    uow: UnitOfWork, position: Position, kept_id: str, dispute_id: str, grounds: Grounds
) -> None:
    """Close a record in favour of `kept_id`: out of its library, held and claimed by nobody.

    The slot is given back. Refused with MOVED_MEANWHILE when it is not where `position` says.
    """
    if position.holder_id:
        take_out(uow, position, Location.CLOSED, grounds)
    else:
        _close_unheld(uow, position, grounds)
    data = {
        "customer_id": position.customer_id,
        "duplicate_of": kept_id,
        "dispute_id": dispute_id,
        "clause": grounds.rule.clause,
    }
    uow.emit(Event(POSITION_CLOSED, position.customer_id, data))


def take_slot_for(uow: UnitOfWork, position: Position, staff_id: str) -> bool:
    """Take a slot for a record if it counts; return whether. Refused with QUOTA_FULL."""
    quota = uow.policy(OwnershipPolicy).rules.quota
    counted = counts(position.category, quota)
    if counted:
        quotas.take_slot(uow, staff_id, quotas.limit_of(uow, staff_id, quota, uow.today()))
    return counted


def reopen(
    uow: UnitOfWork,
    position: Position,
    holder: Identity,
    dispute_id: str,
    grounds: Grounds,
    *,
    counted: bool,
    protected_at: datetime,
    closed_at: datetime,
) -> None:
    """Open a closed record again for `holder`, under its old protection, which stood still since.

    The slot must have been taken before (`take_slot_for`).
    """
    put_in(
        uow,
        position,
        holder,
        grounds,
        counted=counted,
        protected_at=protected_at,
        pause_time=closed_at,
    )
    data = {"customer_id": position.customer_id, "dispute_id": dispute_id}
    uow.emit(Event(POSITION_REOPENED, position.customer_id, data))


def _close_unheld(uow: UnitOfWork, position: Position, grounds: Grounds) -> None:
    rule = grounds.rule
    facts = {"from": position.location, "to": Location.CLOSED.value, **grounds.facts}
    decision = Decision(grounds.manner, "granted", grounds.reason, rule.clause, rule.say, facts)
    decision_id = uow.record(decision, position.customer_id)
    seen = {name: getattr(position, name) for name in ("location", "holder_id", "freeze_count")}
    closed = {"location": Location.CLOSED.value, "case_id": None, "arrived_at": uow.now}
    if not positions.update(uow, position.customer_id, seen, closed):
        raise MOVED_MEANWHILE.refuse(clause=rule.clause)
    to = (Location.CLOSED, "")
    positions.keep_change(
        uow, position.customer_id, position, to, grounds.manner, rule.clause, decision_id
    )
