"""Inbound calls and trials: to the holder, else to whoever's turn it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from chassis.kernel import Decision, Event, Identity
from chassis.rules import Rule
from chassis.unit import UnitOfWork
from services.ownership.app import rotas
from services.ownership.app.availability import DEPARTED, active, available
from services.ownership.app.freezes import require_thawed
from services.ownership.app.grants import check_category, position_of
from services.ownership.app.moves import Grounds, put_in
from services.ownership.domain.lead_choice import Check, choose
from services.ownership.domain.lead_rules import Route
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.domain.reasons import (
    CUSTOMER_CLOSED,
    IN_CASE,
    LEAD_UNCHECKED,
    NO_ROUTE,
    STAFF_DEPARTED,
)
from services.ownership.store import quotas
from services.ownership.store.lead_tables import lead as _t
from services.ownership.store.positions import Position
from services.ownership.store.rotas import open_bans

ROUTED = "crm.ownership.lead.routed.v1"


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody who called, or asked for a trial, as Customer Service wrote it down."""

    kind: str
    full_name: str
    contact: str
    phone: str
    note: str
    check_id: str
    customer_id: str = ""
    not_listed: bool = False


@dataclass(frozen=True, slots=True)
class _Routed:
    route: Route
    staff_id: str
    rule: Rule
    customer_id: str
    skipped: list[dict[str, str]]
    scheme: str = ""


def require_router(uow: UnitOfWork, lead: Lead) -> None:
    """Refuse who may not route leads, and a lead without a recorded check (H-4.1a)."""
    inbound = uow.policy(OwnershipPolicy).rules.inbound
    inbound.permission.require(uow.actor)
    if not lead.check_id:
        raise LEAD_UNCHECKED.refuse(inbound.check_required.clause, full_name=lead.full_name)


def route_lead(uow: UnitOfWork, lead: Lead, check: Check | None) -> sa.RowMapping:
    """Route a lead by the first route that fits, announce it, and return what is kept of it.

    A pool customer goes into the library of whoever's turn it is, in this transaction and through
    the slot gate. Refused, with nothing kept and no turn passed on, when the check is not the
    caller's own of this name, leaves open which customer it is, when a case about the customer is
    under way (CUSTOMER_IN_CASE), or nobody on duty can take it (NOBODY_ON_DUTY).
    """
    require_router(uow, lead)
    inbound = uow.policy(OwnershipPolicy).rules.inbound
    customer_id = choose(
        lead.full_name,
        uow.actor.staff_id,
        check,
        lead.customer_id,
        not_listed=lead.not_listed,
        rule=inbound.check_required,
    )
    lead_id = uow.new_id()
    position = position_of(uow, customer_id) if customer_id else None
    if position is not None and position.location == Location.CLOSED:
        raise CUSTOMER_CLOSED.refuse()
    for route in inbound.order.value:
        if routed := _ROUTES[route](uow, lead_id, position):
            return _keep(uow, lead_id, lead, routed)
    raise NO_ROUTE.refuse(clause=inbound.order.clause)


def _to_holder(uow: UnitOfWork, _: str, position: Position | None) -> _Routed | None:
    """The holder is told, also of a frozen customer; of a leaver's, the supervisor who plans."""
    if position is None or not position.holder_id:
        return None
    rule = uow.policy(OwnershipPolicy).rules.inbound.routes.holder
    holder_id, customer_id = position.holder_id, position.customer_id
    receivers = available(uow, uow.today())
    if receivers.barred.get(holder_id) != DEPARTED:
        return _Routed("holder", holder_id, rule, customer_id, [])
    skipped = [{"staff_id": holder_id, "reason": DEPARTED}]
    return _Routed("holder", _planner_of(uow, holder_id), rule, customer_id, skipped)


def _planner_of(uow: UnitOfWork, leaver_id: str) -> str:
    """Return who plans the leaver's customers; refused when nobody is there to do it."""
    rules = uow.policy(OwnershipPolicy).rules
    leaver = quotas.read_person(uow, leaver_id)
    for who in active(uow):
        if rules.reallocation.propose.allows(who, leaver.department, leaver.team):
            return who.staff_id
    raise STAFF_DEPARTED.refuse(clause=rules.departure.frozen.clause)


def _pool_to_duty(uow: UnitOfWork, lead_id: str, position: Position | None) -> _Routed | None:
    policy = uow.policy(OwnershipPolicy).rules
    if position is None or position.holder_id:
        return None
    if position.case_id:
        raise IN_CASE.refuse(clause=policy.claim.already_protected.clause)
    require_thawed(uow, position)
    check_category(position.category, policy)
    counted = counts(position.category, policy.quota)

    def full(staff_id: str) -> bool:
        limit = quotas.limit_of(uow, staff_id, policy.quota, uow.today())
        return counted and not quotas.slot_taken(uow, staff_id, limit)

    routed, who = _on_duty(uow, "pool_to_duty", full)
    facts = {"lead_id": lead_id, "skipped": routed.skipped, "scheme": routed.scheme}
    grounds = Grounds("routed", routed.rule, facts, withheld=("skipped",))
    put_in(uow, position, who, grounds, counted=counted, protected_at=uow.now)
    return replace(routed, customer_id=position.customer_id)


def _new_to_duty(uow: UnitOfWork, _: str, position: Position | None) -> _Routed | None:
    if position is not None and position.holder_id:
        return None
    quota = uow.policy(OwnershipPolicy).rules.quota

    def full(staff_id: str) -> bool:
        limit = quotas.limit_of(uow, staff_id, quota, uow.today())
        return sum(quotas.read_counter(uow, staff_id)) >= limit.count

    routed, _who = _on_duty(uow, "new_to_duty", full)
    return replace(routed, customer_id=position.customer_id if position else "")


_ROUTES = {"holder": _to_holder, "pool_to_duty": _pool_to_duty, "new_to_duty": _new_to_duty}


def _on_duty(
    uow: UnitOfWork, route: Route, full: Callable[[str], bool]
) -> tuple[_Routed, Identity]:
    """Give the turn to the next one who is there, not banned, and whose library is not full.

    `full` is asked last, of the one who gets the turn if it answers False.
    """
    policy = uow.policy(OwnershipPolicy).rules
    receivers = available(uow, uow.today())
    banned = {row["staff_id"] for row in open_bans(uow, uow.now)}
    kept = rotas.in_force(uow, receivers)

    def barred(staff_id: str) -> str:
        if staff_id not in receivers.people:
            return DEPARTED
        if reason := receivers.barred.get(staff_id, ""):
            return reason
        if staff_id in banned:
            return "BANNED"
        return "LIBRARY_FULL" if full(staff_id) else ""

    chosen, skipped = rotas.take_turn(uow, kept, barred)
    rule: Rule = getattr(policy.inbound.routes, route)
    return _Routed(route, chosen, rule, "", skipped, kept.scheme), receivers.people[chosen]


def _keep(uow: UnitOfWork, lead_id: str, lead: Lead, routed: _Routed) -> sa.RowMapping:
    rule = routed.rule
    _note_switch(uow, routed.scheme)
    facts = {
        "staff_id": routed.staff_id,
        "customer_id": routed.customer_id,
        "check_id": lead.check_id,
        "scheme": routed.scheme,
        "skipped": routed.skipped,
    }
    decision = Decision(
        "route_lead",
        "routed",
        routed.route.upper(),
        rule.clause,
        rule.say,
        facts,
        concerned=(routed.staff_id,),
        withheld=("skipped",),
    )
    row: dict[str, Any] = {
        "lead_id": lead_id,
        "kind": lead.kind,
        "full_name": lead.full_name,
        "contact": lead.contact,
        "phone": lead.phone,
        "note": lead.note,
        "check_id": lead.check_id,
        "customer_id": routed.customer_id,
        "route": routed.route,
        "staff_id": routed.staff_id,
        "scheme": routed.scheme,
        "skipped": routed.skipped,
        "clause": rule.clause,
        "decision_id": uow.record(decision, lead_id),
        "router_id": uow.actor.staff_id,
        "routed_at": uow.now,
    }
    uow.execute(_t.insert(), row)
    told = ("lead_id", "kind", "route", "staff_id", "customer_id", "full_name", "contact", "phone")
    data = {name: row[name] for name in (*told, "note", "clause", "skipped")}
    uow.emit(Event(ROUTED, lead_id, data | {"zh": rule.zh, "en": rule.en}))
    stored = uow.one(sa.select(_t).where(_t.c.lead_id == lead_id))
    assert stored is not None
    return stored


def _note_switch(uow: UnitOfWork, scheme: str) -> None:
    """Log the first lead that goes round by another scheme than the one before it."""
    last = sa.select(_t.c.scheme).where(_t.c.scheme != "").order_by(_t.c.number.desc()).limit(1)
    before = uow.execute(last).scalar()
    if not scheme or not before or before == scheme:
        return
    rule = uow.policy(OwnershipPolicy).rules.rota.scheme
    facts = {"before": before, "after": scheme}
    decision = Decision(
        "switch_rota_scheme", "switched", "SCHEME_CHANGED", rule.clause, rule.say, facts
    )
    uow.record(decision, "rota")
