"""What people may read of disputes: the ruling sheet, the evidence, the ruling."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.app.disputes import local_date
from services.ownership.domain.dispute_reasons import DISPUTE_UNKNOWN
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import disputes
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
    uow: UnitOfWork, mine: bool, state: str, after: list[Any] | None, limit: int
) -> list[Sheet]:
    """Return disputes, newest first: all to readers, to others those that concern them."""
    everything = uow.policy(OwnershipPolicy).rules.dispute.read.allows(uow.actor) and not mine
    party_id = "" if everything else uow.actor.staff_id
    return sheets(uow, disputes.page(uow, party_id, state, after, limit))


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
