"""Disputes are opened: by a signing of somebody else's customer, by a party, by a report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.kernel import Decision, Received
from chassis.rules import Rule
from chassis.unit import UnitOfWork
from services.ownership.app import crediting, freezes
from services.ownership.app.grants import position_of
from services.ownership.domain.dispute_policy import DisputeRules, Kind
from services.ownership.domain.dispute_reasons import (
    APPEAL_FINAL,
    APPEAL_LATE,
    DISPUTE_RULED,
    DISPUTE_UNDER_WAY,
    NOT_RULED,
    NOTHING_DISPUTED,
    RECORD_CLOSED,
    SAME_RECORD,
    SIGNING_COUNTERED,
)
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import disputes, positions
from services.ownership.store.disputes import Dispute, Signing
from services.ownership.store.positions import Position
from services.ownership.store.tables import position_change

CAUSE: freezes.Cause = "dispute"


@dataclass(frozen=True, slots=True)
class Opening:
    """A dispute to open: of which kind, about what, between whom."""

    kind: Kind
    about: str
    customers: tuple[str, ...]
    full_name: str
    claimant_id: str
    parties: tuple[str, ...]
    note: str = ""
    holder_id: str = ""
    signing_id: str = ""
    appeal_of: str = ""


def follow_signing(uow: UnitOfWork, event: Received) -> None:
    """Credit a signing to the signer at once, or open the dispute with the original rep (H-6.3)."""
    data = event.data
    position = positions.read(uow, data["customer_id"])
    if position is None:
        raise LookupError(f"customer {data['customer_id']} is not registered here yet")
    rules = _rules(uow)
    holder_id = _original_rep(uow, position)
    signing = Signing(
        signing_id=data["signing_id"],
        customer_id=position.customer_id,
        full_name=position.full_name,
        staff_id=data["staff_id"],
        holder_id=holder_id,
        sign_date=date.fromisoformat(data["sign_date"]),
        amount_cents=data["amount_cents"],
        countered=False,
        recorded_at=uow.now,
    )
    disputes.add_signing(uow, signing)
    if holder_id in ("", signing.staff_id):
        crediting.assign(uow, signing, signing.staff_id, rules.performance.undisputed)
    else:
        opening = _about_signing(signing, holder_id, signing.staff_id)
        begin(uow, opening, rules.performance.first_basis)


def follow_counter(uow: UnitOfWork, event: Received) -> None:
    """A signing was taken back: so are its credits, and a dispute not yet proposed is dropped."""
    signing = disputes.find_signing(uow, event.data["signing_id"])
    if signing is None:
        raise LookupError(f"signing {event.data['signing_id']} is not known here yet")
    disputes.mark_countered(uow, signing.signing_id)
    rule = _rules(uow).performance.undisputed
    crediting.take_back(uow, signing, rule)
    for dispute in disputes.about(uow, "performance", signing.signing_id):
        if dispute.state == "gathering":
            drop(uow, dispute, SIGNING_COUNTERED.zh)


def raise_dispute(uow: UnitOfWork, signing_id: str, note: str) -> Dispute:
    """Open the dispute that a party asks for: who signed, the original rep, or a former holder.

    Refused alike for an unknown signing and for somebody whom it does not concern.
    """
    rules = _rules(uow)
    rules.raise_one.require(uow.actor)
    me = uow.actor.staff_id
    signing = disputes.find_signing(uow, signing_id)
    if signing is None or not (
        me in (signing.staff_id, signing.holder_id) or _held_before(uow, signing.customer_id, me)
    ):
        raise rules.raise_one.refusal()
    clause = rules.performance.first_basis.clause
    if signing.countered:
        raise SIGNING_COUNTERED.refuse(clause=clause)
    others = (signing.holder_id, "" if me == signing.staff_id else me)
    holder_id = next((who for who in others if who not in ("", signing.staff_id)), "")
    if not holder_id:
        raise NOTHING_DISPUTED.refuse(clause=clause)
    opening = _about_signing(signing, holder_id, me, note)
    _require_new(uow, opening, clause)
    return begin(uow, opening, rules.performance.first_basis)


def report_duplicate(
    uow: UnitOfWork, customer_id: str, other_customer_id: str, note: str
) -> Dispute:
    """Open the dispute about two records of one customer (H-6.4b).

    For whoever holds one of them, and for readers of all disputes; others are refused alike,
    whether the records exist or not.
    """
    rules = _rules(uow)
    rules.report.require(uow.actor)
    both = [positions.read(uow, one) for one in (customer_id, other_customer_id)]
    holders = [one.holder_id for one in both if one and one.holder_id]
    if uow.actor.staff_id not in holders and not rules.read.allows(uow.actor):
        raise rules.report.refusal()
    clause = rules.report.clause
    if customer_id == other_customer_id:
        raise SAME_RECORD.refuse(clause=clause)
    one, other = position_of(uow, customer_id), position_of(uow, other_customer_id)
    if Location.CLOSED in (one.location, other.location):
        raise RECORD_CLOSED.refuse(clause=rules.duplicate.closed.clause)
    me = uow.actor.staff_id
    named = other if other.holder_id == me else one
    opening = about_records(one, other, note, full_name=named.full_name, claimant_id=me)
    _require_new(uow, opening, clause)
    return begin(uow, opening, rules.report)


def appeal(uow: UnitOfWork, dispute_id: str, reason: str) -> Dispute:
    """Open the appeal of a party against a ruling, once, within the days that policy gives."""
    rules = _rules(uow)
    rules.appeal.require(uow.actor)
    former = disputes.find(uow, dispute_id)
    concerned = disputes.parties(uow, [dispute_id])[dispute_id]
    if former is None or uow.actor.staff_id not in concerned:
        raise rules.appeal.refusal()
    clause = rules.appeal.clause
    if former.kind == "appeal" or disputes.about(uow, "appeal", dispute_id):
        raise APPEAL_FINAL.refuse(clause=clause)
    ruling = disputes.rulings(uow, [dispute_id]).get(dispute_id)
    if ruling is None:
        raise NOT_RULED.refuse(clause=clause)
    ruled_on = local_date(uow, ruling["ruled_at"])
    until = ruled_on + timedelta(days=rules.appeal_days.value)
    if uow.today() > until:
        raise APPEAL_LATE.refuse(clause=rules.appeal_days.clause, until=until.isoformat())
    opening = Opening(
        kind="appeal",
        about=dispute_id,
        customers=tuple(former.customers),
        full_name=former.full_name,
        claimant_id=uow.actor.staff_id,
        parties=tuple(concerned),
        note=reason,
        holder_id=former.holder_id,
        signing_id=former.signing_id,
        appeal_of=dispute_id,
    )
    return begin(uow, opening, rules.appeal)


def drop(uow: UnitOfWork, dispute: Dispute, reason: str, case_id: str = "") -> None:
    """End a dispute without a ruling: nothing changes hands, and it may be raised again."""
    if not disputes.change(uow, dispute, state="dropped", reason=reason, case_id=case_id):
        return
    freezes.thaw(uow, dispute.customers, CAUSE, dispute.dispute_id)
    rule = _rules(uow).performance.first_basis
    facts = {"case_id": case_id, "reason": reason}
    who = disputes.parties(uow, [dispute.dispute_id])[dispute.dispute_id]
    decision = Decision(
        "dispute", "refused", "DROPPED", rule.clause, rule.say, facts, concerned=who
    )
    uow.record(decision, dispute.dispute_id)


def local_date(uow: UnitOfWork, moment: datetime) -> date:
    """Return the date of a moment in the policy's time zone."""
    zone = ZoneInfo(uow.policy(OwnershipPolicy).time_zone)
    return moment.astimezone(zone).date()


def _about_signing(signing: Signing, holder_id: str, claimant_id: str, note: str = "") -> Opening:
    return Opening(
        kind="performance",
        about=signing.signing_id,
        customers=(signing.customer_id,),
        full_name=signing.full_name,
        claimant_id=claimant_id,
        parties=(holder_id, signing.staff_id),
        note=note,
        holder_id=holder_id,
        signing_id=signing.signing_id,
    )


def about_records(
    one: Position, other: Position, note: str, *, full_name: str, claimant_id: str
) -> Opening:
    """Return the opening of a dispute about two records of one customer."""
    return Opening(
        kind="duplicate",
        about=" ".join(sorted((one.customer_id, other.customer_id))),
        customers=(one.customer_id, other.customer_id),
        full_name=full_name,
        claimant_id=claimant_id,
        parties=tuple(each.holder_id for each in (one, other) if each.holder_id),
        note=note,
        holder_id=one.holder_id or other.holder_id or "",
    )


def _require_new(uow: UnitOfWork, opening: Opening, clause: str) -> None:
    for earlier in disputes.about(uow, opening.kind, opening.about):
        if earlier.state in ("gathering", "proposed"):
            raise DISPUTE_UNDER_WAY.refuse(clause=clause)
        if earlier.state == "ruled":
            raise DISPUTE_RULED.refuse(clause=clause)


def begin(uow: UnitOfWork, opening: Opening, rule: Rule) -> Dispute:
    """Open a dispute: its customers are frozen, and its evidence is gathered next."""
    first, *more = opening.customers
    dispute = Dispute(
        dispute_id=uow.new_id(),
        kind=opening.kind,
        about=opening.about,
        customer_id=first,
        other_customer_id=more[0] if more else "",
        full_name=opening.full_name,
        claimant_id=opening.claimant_id,
        holder_id=opening.holder_id,
        signing_id=opening.signing_id,
        appeal_of=opening.appeal_of,
        state="gathering",
        note=opening.note,
        evidence={},
        proposal={},
        case_id="",
        reason="",
        next_at=uow.now,
        opened_at=uow.now,
        changed_at=uow.now,
    )
    people = sorted(_people(opening))
    disputes.add(uow, dispute, people)
    freezes.freeze(uow, dispute.customers, CAUSE, dispute.dispute_id)
    facts = {"dispute_id": dispute.dispute_id, "kind": dispute.kind}
    decision = Decision(
        "dispute", "granted", "OPENED", rule.clause, rule.say, facts, concerned=people
    )
    uow.record(decision, first)
    return dispute


def _people(opening: Opening) -> Iterable[str]:
    return {who for who in (*opening.parties, opening.claimant_id) if who}


def _original_rep(uow: UnitOfWork, position: Position) -> str:
    """Return the holder, or whom a customer that awaits distribution was reclaimed from."""
    if position.holder_id or position.location != Location.AWAITING_DISTRIBUTION:
        return position.holder_id or ""
    _c = position_change.c
    mine = sa.select(_c.from_holder_id, _c.manner).where(_c.customer_id == position.customer_id)
    last = uow.one(mine.order_by(_c.change.desc()).limit(1))
    return last["from_holder_id"] if last and last["manner"] == "reclaimed" else ""


def _held_before(uow: UnitOfWork, customer_id: str, staff_id: str) -> bool:
    _c = position_change.c
    held = (_c.customer_id == customer_id) & (_c.from_holder_id == staff_id)
    return uow.one(sa.select(_c.change).where(held).limit(1)) is not None


def _rules(uow: UnitOfWork) -> DisputeRules:
    return uow.policy(OwnershipPolicy).rules.dispute
