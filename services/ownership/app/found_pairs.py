"""Pairs of records that a scan of all customers found: a dispute opens about each, once."""

from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.ownership.app.disputes import about_records, begin
from services.ownership.domain.dispute_reasons import FOUND_BY_SCAN
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import disputes, positions


def follow_found(uow: UnitOfWork, event: Received) -> None:
    """Open the dispute about two records that a scan found, the first ever about them (H-6.4b).

    Nothing happens when one was opened before, however it ended, or one record is closed.
    """
    data = event.data
    pair = (data["customer_id"], data["other_customer_id"])
    one, other = (positions.read(uow, each) for each in pair)
    if one is None or other is None:
        raise LookupError(f"customers {' and '.join(pair)} are not registered here yet")
    if Location.CLOSED in (one.location, other.location):
        return
    note = FOUND_BY_SCAN.zh.format(score=data["score"])
    opening = about_records(one, other, note, full_name=one.full_name, claimant_id="")
    if disputes.about(uow, opening.kind, opening.about):
        return
    begin(uow, opening, uow.policy(OwnershipPolicy).rules.dispute.report)
