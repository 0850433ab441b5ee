"""Reallocation: a supervisor plans, people consent in order, Customer Service executes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.kernel import Event, Identity, Received, Violation
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.reach import in_reach
from chassis.unit import UnitOfWork
from services.ownership.app.availability import BLOCKED, DEPARTED, Receivers, available
from services.ownership.app.departures import CAUSE
from services.ownership.app.freezes import freeze
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import (
    PLAN_INCOMPLETE,
    PLAN_INVALID,
    PLAN_ITEM_FROZEN,
    PLAN_ITEM_NOT_HELD,
    PLAN_ITEM_TARGET,
    PLAN_ITEM_TWICE,
    PLAN_OPEN,
    PLAN_UNKNOWN,
)
from services.ownership.store import quotas, reallocations
from services.ownership.store.departure_tables import reallocation as _t
from services.ownership.store.reallocations import Item, Plan

PROPOSED = "crm.ownership.reallocation.proposed.v1"
FLOW = "reallocation"


@dataclass(frozen=True, slots=True)
class Wish:
    """Where one customer is to go: to a person, or to a place without a holder."""

    customer_id: str
    to_staff_id: str
    to_location: str


def propose(uow: UnitOfWork, staff_id: str, wishes: Sequence[Wish], reason: str) -> Plan:
    """Keep a plan for customers of one person and announce it: a case about it opens.

    For somebody who left the plan names every customer exactly once; for others, any that they
    hold and that nothing freezes. Refused, naming every item that is not as it must be, and while
    another plan for the person is open (PLAN_OPEN).
    """
    rules = uow.policy(OwnershipPolicy).rules.reallocation
    person = quotas.read_person(uow, staff_id)
    rules.propose.require(uow.actor, person.department, person.team)
    if reallocations.open_of(uow, staff_id) is not None:
        raise PLAN_OPEN.refuse(clause=rules.complete.clause)
    left = reallocations.departure_of(uow, staff_id)
    departure_id = left["departure_id"] if left else ""
    held = {row["customer_id"]: row for row in reallocations.held_by(uow, staff_id)}
    if departure_id:
        freeze(uow, list(held), CAUSE, departure_id)
    receivers = available(uow, uow.today())
    _check(uow, staff_id, wishes, held, receivers, leaver=bool(departure_id))
    plan = Plan(
        reallocation_id=uow.new_id(),
        staff_id=staff_id,
        department=person.department,
        team=person.team,
        departure_id=departure_id,
        reason=reason,
        state="proposed",
        case_id="",
        proposer_id=uow.actor.staff_id,
        proposed_at=uow.now,
    )
    items = [
        Item(w.customer_id, held[w.customer_id]["full_name"], w.to_location, w.to_staff_id)
        for w in wishes
    ]
    reallocations.add(uow, plan, items)
    evidence = _evidence(uow, plan, items, held, receivers)
    uow.emit(Event(PROPOSED, plan.reallocation_id, _proposal(uow.actor, plan, evidence)))
    return plan


def note_case(uow: UnitOfWork, event: Received) -> None:
    """Note the case in which people decide a plan."""
    case = {"case_id": event.data["case_id"]}
    reallocations.change(uow, event.data["reference_id"], "proposed", **case)


def case_approved(uow: UnitOfWork, event: Received) -> None:
    """The last consent was given: the plan may be executed."""
    _decided(uow, event, "approved")


def case_closed(uow: UnitOfWork, event: Received) -> None:
    """The plan was rejected or withdrawn: another one may be proposed."""
    _decided(uow, event, "rejected")


def read(uow: UnitOfWork, reallocation_id: str) -> Plan:
    """Return a plan to its proposer and to those whom policy names, or refuse."""
    plan = reallocations.read(uow, reallocation_id)
    if plan is None or not _may_read(uow, plan):
        raise PLAN_UNKNOWN.refuse()
    return plan


def list_plans(
    uow: UnitOfWork,
    state: str,
    staff_id: str,
    *,
    oldest_first: bool,
    after: list[Any] | None,
    limit: int,
) -> tuple[list[tuple[Plan, Keys]], Total]:
    """Return plans, the newest first unless said otherwise, that the caller may read, and a total.

    Of one state, of one person, unless these are empty.
    """
    read = uow.policy(OwnershipPolicy).rules.reallocation.read
    mine = _t.c.proposer_id == uow.actor.staff_id
    listed = sa.select(_t).where(mine | in_reach(read.grants, uow.actor, _t))
    if state:
        listed = listed.where(_t.c.state == state)
    if staff_id:
        who = uow.actor.staff_id if staff_id == "me" else staff_id
        listed = listed.where(_t.c.staff_id == who)
    order = Order((_t.c.proposed_at, _t.c.reallocation_id), descending=not oldest_first)
    rows = keysets.read(uow, listed, order, after, limit)
    names = Plan.__slots__
    found = [(Plan(**{name: row[name] for name in names}), keysets.keys(row)) for row in rows]
    return found, keysets.count(uow, listed)


def _may_read(uow: UnitOfWork, plan: Plan) -> bool:
    readers = uow.policy(OwnershipPolicy).rules.reallocation.read
    mine = plan.proposer_id == uow.actor.staff_id
    return mine or readers.allows(uow.actor, plan.department, plan.team)


def _decided(uow: UnitOfWork, event: Received, state: str) -> None:
    if event.data["flow"] != FLOW:
        return
    plan_id = event.data["reference_id"]
    decided = {"state": state, "case_id": event.data["case_id"], "decided_at": event.time}
    if reallocations.change(uow, plan_id, "proposed", **decided):
        return
    if reallocations.read(uow, plan_id) is None:
        raise LookupError(f"no reallocation {plan_id}")


def _check(
    uow: UnitOfWork,
    staff_id: str,
    wishes: Sequence[Wish],
    held: dict[str, sa.RowMapping],
    receivers: Receivers,
    *,
    leaver: bool,
) -> None:
    rules = uow.policy(OwnershipPolicy).rules
    named = Counter(wish.customer_id for wish in wishes)
    violations: list[Violation] = []
    for number, wish in enumerate(wishes):
        path, row = f"items[{number}]", held.get(wish.customer_id)
        if row is None:
            violations.append(PLAN_ITEM_NOT_HELD.violate(path))
        elif row["freeze_count"] and not leaver:
            violations.append(PLAN_ITEM_FROZEN.violate(path, rules.frozen.clause))
        if named[wish.customer_id] > 1:
            violations.append(PLAN_ITEM_TWICE.violate(path, rules.reallocation.complete.clause))
        if why := _not_a_target(staff_id, wish, receivers):
            violations.append(PLAN_ITEM_TARGET.violate(path, why=why))
    if violations:
        raise PLAN_INVALID.refuse(violations=violations, count=len(violations))
    missing = len(held.keys() - named.keys())
    if leaver and missing:
        raise PLAN_INCOMPLETE.refuse(
            clause=rules.reallocation.complete.clause, missing=missing, held=len(held)
        )


def _not_a_target(staff_id: str, wish: Wish, receivers: Receivers) -> str:
    """Say why nobody can get it there; who is on leave today can."""
    if not wish.to_staff_id:
        places = (Location.PUBLIC_POOL, Location.AWAITING_DISTRIBUTION)
        return "" if wish.to_location in places else "NO_TARGET"
    if wish.to_location != Location.PRIVATE_LIBRARY or wish.to_staff_id == staff_id:
        return "NO_TARGET"
    if wish.to_staff_id not in receivers.people:
        return "NOT_A_REP"
    barred = receivers.barred.get(wish.to_staff_id, "")
    return barred if barred in (DEPARTED, BLOCKED) else ""


def _evidence(
    uow: UnitOfWork,
    plan: Plan,
    items: Sequence[Item],
    held: dict[str, sa.RowMapping],
    receivers: Receivers,
) -> dict[str, Any]:
    """Return what the people who decide should see: per target how many, and the free slots."""
    quota = uow.policy(OwnershipPolicy).rules.quota
    targets = []
    for staff_id in sorted({item.to_staff_id for item in items if item.to_staff_id}):
        mine = [item for item in items if item.to_staff_id == staff_id]
        limit = quotas.limit_of(uow, staff_id, quota, uow.today())
        used, reserved = quotas.read_counter(uow, staff_id)
        targets.append(
            {
                "staff_id": staff_id,
                "display_name": receivers.people[staff_id].name,
                "count": len(mine),
                "counted": sum(bool(held[item.customer_id]["counted"]) for item in mine),
                "limit": limit.count,
                "free": max(limit.count - used - reserved, 0),
            }
        )
    places = Counter(item.to_location for item in items if not item.to_staff_id)
    return {
        "staff_id": plan.staff_id,
        "departed": bool(plan.departure_id),
        "customers": len(items),
        "targets": targets,
        "places": dict(places),
    }


def _proposal(actor: Identity, plan: Plan, evidence: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_type": "reallocation",
        "reference_id": plan.reallocation_id,
        "staff_id": plan.staff_id,
        "applicant_id": actor.staff_id,
        "applicant_name": actor.name,
        "department": plan.department,
        "team": plan.team,
        "customer_id": "",
        "full_name": "",
        "remarks": plan.reason,
        "evidence": evidence,
        "facts": {"outcome": "departure" if plan.departure_id else "reallocation"},
        "parties": [plan.staff_id],
    }
