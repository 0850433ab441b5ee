"""What cases of review do here: reserve, then grant, release or free."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from chassis.kernel import Decision, Event, Identity, Reason, Received
from chassis.unit import UnitOfWork
from services.ownership.app.availability import has_departed, require_receiver
from services.ownership.app.grants import check_category, claimable, position_of
from services.ownership.app.moves import Grounds, announce_granted, put_in, take_out
from services.ownership.domain.places import Location, route_released
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.domain.reasons import (
    FROZEN,
    IN_CASE,
    NOT_HOLDER,
    RESERVATION_GONE,
    SAME_ORGANISATION,
    STAFF_DEPARTED,
)
from services.ownership.store import positions, quotas
from services.ownership.store.positions import Position
from services.ownership.store.tables import release as release_table
from services.ownership.store.tables import slot_reservation as _t

REFUSED = "crm.ownership.holding.refused.v1"
ENTERED = "crm.ownership.position.entered.v1"


def prepare_registration(uow: UnitOfWork, case_id: str, category: str) -> None:
    """Reserve a slot of the caller's quota for a new customer. Repeating it changes nothing."""
    if _seen(uow, case_id):
        return
    policy = uow.policy(OwnershipPolicy).rules
    policy.claim.permission.require(uow.actor)
    require_receiver(uow, uow.actor.staff_id)
    check_category(category, policy)
    _reserve(uow, case_id, "", counts(category, policy.quota))


def prepare_claim(
    uow: UnitOfWork, case_id: str, customer_id: str, category: str, same_organisation: list[str]
) -> None:
    """Reserve a pool customer and a slot for the caller. Repeating it changes nothing.

    Refused when the customer is not free, a colleague protects the same organisation in another
    record (H-3.3e), the category may not enter a library, or the quota is full.
    """
    if _seen(uow, case_id):
        return
    policy = uow.policy(OwnershipPolicy).rules
    policy.claim.permission.require(uow.actor)
    require_receiver(uow, uow.actor.staff_id)
    position = claimable(uow, customer_id)
    if positions.protected_by_others(uow, same_organisation, uow.actor.staff_id):
        raise SAME_ORGANISATION.refuse(clause=policy.claim.same_organisation.clause)
    check_category(category, policy)
    _reserve(uow, case_id, customer_id, counts(category, policy.quota))
    free = {"location": position.location, "holder_id": None, "case_id": None}
    if not positions.update(uow, customer_id, free, {"case_id": case_id}):
        raise IN_CASE.refuse(clause=policy.claim.already_protected.clause)


def register(uow: UnitOfWork, event: Received) -> None:
    """Place a new customer: in the applicant's library if a case reserved a slot, else the pool.

    When the applicant has left meanwhile, in the pool, and the case is told so.
    """
    policy = uow.policy(OwnershipPolicy).rules
    data = event.data
    case_id = data["case_id"]
    departed = bool(case_id) and _applicant_departed(uow, case_id)
    if departed:
        free(uow, case_id)
    held = _use(uow, case_id) if case_id else None
    if case_id and held is None:
        _refuse(uow, case_id, event.subject, STAFF_DEPARTED if departed else RESERVATION_GONE)
    rule = policy.library.admitted if held else policy.pool.enter
    holder = _holder(uow, held["staff_id"]) if held else None
    approved_at = datetime.fromisoformat(data["approve_time"]) if case_id else uow.now
    position = Position(
        customer_id=event.subject,
        full_name=data["full_name"],
        category=data["category"],
        summary_sequence=event.sequence,
        location=(Location.PRIVATE_LIBRARY if holder else Location.PUBLIC_POOL).value,
        holder_id=holder.staff_id if holder else None,
        case_id=None,
        counted=bool(held and held["counted"]),
        protected_at=approved_at if holder else None,
        arrived_at=uow.now,
        releaser_count=0,
        due_at=None,
        due_basis_at=None,
        clock_version=0,
        freeze_count=0,
    )
    positions.add(uow, position)
    grounds = Grounds("registered" if holder else "imported", rule, case_id=case_id)
    facts = {"holder": position.holder_id or "", "counted": position.counted, "case_id": case_id}
    who = (position.holder_id or "",)
    decision = Decision(
        "register", "granted", "GRANTED", rule.clause, rule.say, facts, concerned=who
    )
    decision_id = uow.record(decision, event.subject)
    to = (Location(position.location), position.holder_id or "")
    manner = grounds.manner
    positions.keep_change(uow, event.subject, None, to, manner, rule.clause, decision_id)
    if holder:
        nowhere = replace(position, holder_id=None)
        announce_granted(
            uow, nowhere, holder, grounds, decision_id=decision_id, protected_at=approved_at
        )
    else:
        uow.emit(Event(ENTERED, event.subject, _place(position, case_id)))


def fulfil_claim(uow: UnitOfWork, case_id: str, customer_id: str, approved_at: datetime) -> None:
    """Turn the reservation of an approved claim into a holding, protected from the approval on."""
    policy = uow.policy(OwnershipPolicy).rules
    position = position_of(uow, customer_id)
    if position.freeze_count or position.case_id != case_id:
        free(uow, case_id)
        reason = FROZEN if position.freeze_count else RESERVATION_GONE
        return _refuse(uow, case_id, customer_id, reason)
    if _applicant_departed(uow, case_id):
        free(uow, case_id)
        return _refuse(uow, case_id, customer_id, STAFF_DEPARTED)
    held = _use(uow, case_id)
    if held is None:
        return _refuse(uow, case_id, customer_id, RESERVATION_GONE)
    holder = _holder(uow, held["staff_id"])
    grounds = Grounds("claimed", policy.library.admitted, case_id=case_id)
    put_in(uow, position, holder, grounds, counted=held["counted"], protected_at=approved_at)
    return None


def fulfil_release(uow: UnitOfWork, case_id: str, customer_id: str, applicant_id: str) -> None:
    """Take a customer out of the applicant's library and send it where policy says.

    The third different person (H-6.7h) sends it to the pool; the same person twice counts once.
    """
    policy = uow.policy(OwnershipPolicy).rules
    position = position_of(uow, customer_id)
    if position.holder_id != applicant_id:
        return _refuse(uow, case_id, customer_id, NOT_HOLDER)
    if position.freeze_count:
        return _refuse(uow, case_id, customer_id, FROZEN)
    who = positions.releasers(uow, customer_id) | {applicant_id}
    route = route_released(len(who), policy.release)
    facts = {"releasers": sorted(who), "case_id": case_id}
    grounds = Grounds(
        "released", route.rule, facts, case_id, reason="RELEASED", withheld=("releasers",)
    )
    take_out(uow, replace(position, releaser_count=len(who)), route.location, grounds)
    uow.execute(
        release_table.insert(),
        {
            "case_id": case_id,
            "customer_id": customer_id,
            "staff_id": applicant_id,
            "to_location": route.location.value,
            "released_at": uow.now,
        },
    )
    return None


def free(uow: UnitOfWork, case_id: str) -> None:
    """Give back what a case reserved. A reservation that comes later finds the case closed."""
    row = uow.one(sa.select(_t).where(_t.c.case_id == case_id).with_for_update())
    if row is None:
        closed = {"case_id": case_id, "staff_id": "", "customer_id": "", "counted": False}
        uow.execute(_t.insert(), closed | {"state": "freed", "changed_at": uow.now})
        return
    if _move(uow, case_id, "freed") and row["counted"]:
        quotas.change(uow, row["staff_id"], held=-1)
    if row["customer_id"]:
        positions.update(uow, row["customer_id"], {"case_id": case_id}, {"case_id": None})


def follow_summary(uow: UnitOfWork, event: Received) -> None:
    """Take over a changed name or category; a changed category may start or stop counting."""
    position = positions.read(uow, event.subject)
    if position is None:
        raise LookupError(f"customer {event.subject} is not registered here yet")
    if position.summary_sequence >= event.sequence:
        return
    quota = uow.policy(OwnershipPolicy).rules.quota
    counted = position.holder_id is not None and counts(event.data["category"], quota)
    if position.holder_id and counted != position.counted:
        quotas.change(uow, position.holder_id, used=1 if counted else -1)
    if position.case_id and not position.holder_id and event.data["category"] != position.category:
        _recount(uow, position.case_id, counts(event.data["category"], quota))
    same = {name: getattr(position, name) for name in ("summary_sequence", "holder_id", "counted")}
    followed = positions.update(
        uow,
        event.subject,
        same,
        {
            "full_name": event.data["full_name"],
            "category": event.data["category"],
            "counted": counted,
            "summary_sequence": event.sequence,
        },
    )
    if not followed:
        raise LookupError(f"customer {event.subject} moved meanwhile")


def _recount(uow: UnitOfWork, case_id: str, counted: bool) -> None:
    """Let the reservation of an open claim count as the customer's new category does."""
    other = _t.update().where(
        _t.c.case_id == case_id, _t.c.state == "held", _t.c.counted != counted
    )
    if uow.execute(other.values(counted=counted)).rowcount == 1:
        row = uow.one(sa.select(_t.c.staff_id).where(_t.c.case_id == case_id))
        assert row is not None
        quotas.change(uow, row["staff_id"], held=1 if counted else -1)


def _seen(uow: UnitOfWork, case_id: str) -> bool:
    row = uow.one(sa.select(_t.c.state).where(_t.c.case_id == case_id))
    if row and row["state"] == "freed":
        raise RESERVATION_GONE.refuse()
    return row is not None


def _reserve(uow: UnitOfWork, case_id: str, customer_id: str, counted: bool) -> None:
    quota = uow.policy(OwnershipPolicy).rules.quota
    limit = quotas.limit_of(uow, uow.actor.staff_id, quota, uow.today())
    if counted:
        quotas.hold_slot(uow, uow.actor.staff_id, limit)
    row = {"case_id": case_id, "staff_id": uow.actor.staff_id, "customer_id": customer_id}
    uow.execute(_t.insert(), row | {"counted": counted, "state": "held", "changed_at": uow.now})


def _use(uow: UnitOfWork, case_id: str) -> sa.RowMapping | None:
    row = uow.one(sa.select(_t).where(_t.c.case_id == case_id))
    if row is None or not _move(uow, case_id, "used"):
        return None
    if row["counted"]:
        quotas.change(uow, row["staff_id"], used=1, held=-1)
    return row


def _applicant_departed(uow: UnitOfWork, case_id: str) -> bool:
    row = uow.one(sa.select(_t.c.staff_id).where(_t.c.case_id == case_id))
    return row is not None and has_departed(uow, row["staff_id"])


def _move(uow: UnitOfWork, case_id: str, state: str) -> bool:
    held = _t.update().where(_t.c.case_id == case_id, _t.c.state == "held")
    return uow.execute(held.values(state=state, changed_at=uow.now)).rowcount == 1


def _refuse(uow: UnitOfWork, case_id: str, customer_id: str, reason: Reason) -> None:
    refused = reason.refuse()
    data = {
        "customer_id": customer_id,
        "case_id": case_id,
        "reason": refused.reason,
        "zh": refused.say.zh,
        "en": refused.say.en,
    }
    uow.emit(Event(REFUSED, customer_id, data))


def _holder(uow: UnitOfWork, staff_id: str) -> Identity:
    person = quotas.read_person(uow, staff_id)
    return Identity(staff_id, "", frozenset(person.roles), person.department, person.team)


def _place(position: Position, case_id: str) -> dict[str, str]:
    return {
        "customer_id": position.customer_id,
        "case_id": case_id,
        "location": position.location,
    }
