"""What people may read of disputes: the ruling sheet, the evidence, the ruling."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.unit import UnitOfWork
from services.ownership.app.disputes import local_date
from services.ownership.domain.dispute_reasons import DISPUTE_UNKNOWN
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import disputes
from services.ownership.store.dispute_tables import dispute as _t
from services.ownership.store.dispute_tables import dispute_party as _party
from services.ownership.store.disputes import Dispute


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dispute as its reader may see it; `appeal_until` is a local day, or ''."""

    dispute: Dispute
    parties: list[str]
    proposal: dict[str, Any]
    evidence: dict[str, Any]
    ruling: sa.RowMapping | None
    appeal_until: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which disputes; what is empty does not matter. The newest first unless said otherwise."""

    mine: bool = False
    state: str = ""
    kind: str = ""
    customer_id: str = ""
    open: bool = False
    query: str = ""
    oldest_first: bool = False


def read_dispute(uow: UnitOfWork, dispute_id: str) -> Sheet:
    """Return a dispute to those whom it concerns and to readers; others are refused alike."""
    found = disputes.find(uow, dispute_id)
    read = uow.policy(OwnershipPolicy).rules.dispute.read
    if not read.allows(uow.actor) and (
        found is None or uow.actor.staff_id not in disputes.parties(uow, [dispute_id])[dispute_id]
    ):
        raise read.refusal()
    if found is None:
        raise DISPUTE_UNKNOWN.refuse()
    return sheets(uow, [found])[0]


def list_disputes(
    uow: UnitOfWork, wanted: Wanted, after: list[Any] | None, limit: int
) -> tuple[list[tuple[Sheet, Keys]], Total]:
    """Return a page of disputes and a total: all to readers, to others those that concern them."""
    reader = uow.policy(OwnershipPolicy).rules.dispute.read.allows(uow.actor)
    me = uow.actor.staff_id
    listed = sa.select(_t)
    if wanted.mine or not reader:
        mine = sa.select(_party.c.dispute_id).where(_party.c.staff_id == me)
        listed = listed.where(_t.c.dispute_id.in_(mine))
    for column, text in ((_t.c.state, wanted.state), (_t.c.kind, wanted.kind)):
        if text:
            listed = listed.where(column == text)
    if wanted.customer_id:
        either = (_t.c.customer_id, _t.c.other_customer_id)
        listed = listed.where(sa.or_(*(one == wanted.customer_id for one in either)))
    if wanted.open:
        listed = listed.where(_t.c.state.in_(("gathering", "proposed")))
    if wanted.query:
        listed = listed.where(_t.c.full_name.icontains(wanted.query, autoescape=True))
        if not reader:
            told = (_t.c.kind != "duplicate") | (_t.c.state == "ruled") | (_t.c.claimant_id == me)
            listed = listed.where(told)
    order = Order((_t.c.opened_at, _t.c.dispute_id), descending=not wanted.oldest_first)
    rows = keysets.read(uow, listed, order, after, limit)
    found = [Dispute(**{name: row[name] for name in Dispute.__slots__}) for row in rows]
    keys = [keysets.keys(row) for row in rows]
    return list(zip(sheets(uow, found), keys, strict=True)), keysets.count(uow, listed)


def _undecided(dispute: Dispute, reader_id: str) -> Dispute:
    """Withhold from a party whose the other record is, while nobody knows that it is a copy."""
    if dispute.kind != "duplicate":
        return dispute
    name = dispute.full_name if reader_id == dispute.claimant_id else ""
    return replace(dispute, holder_id="", full_name=name)


def sheets(uow: UnitOfWork, found: list[Dispute]) -> list[Sheet]:
    """Return disputes as the caller may see them.

    Whom a dispute concerns sees what is proposed once it is ruled, and never the evidence.
    """
    rules = uow.policy(OwnershipPolicy).rules.dispute
    reader = rules.read.allows(uow.actor)
    ids = [one.dispute_id for one in found]
    rulings, parties = disputes.rulings(uow, ids), disputes.parties(uow, ids)
    answer = []
    for one in found:
        ruling = rulings.get(one.dispute_id)
        until = ""
        if ruling is not None and one.kind != "appeal":
            last = local_date(uow, ruling["ruled_at"]) + timedelta(days=rules.appeal_days.value)
            until = last.isoformat()
        answer.append(
            Sheet(
                dispute=one if reader or ruling else _undecided(one, uow.actor.staff_id),
                parties=parties[one.dispute_id] if reader or ruling else [],
                proposal=one.proposal if reader or ruling else {},
                evidence=one.evidence if reader else {},
                ruling=ruling,
                appeal_until=until,
            )
        )
    return answer
