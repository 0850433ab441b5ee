"""Records closed as duplicates: they stay readable and refer to the record that was kept."""

from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.reasons import RECORD_CLOSED
from services.customers.store import custodies, records
from services.customers.store.records import Record

CLOSED = "closed"


def follow_closed(uow: UnitOfWork, event: Received) -> None:
    """Close a record in favour of the one that ownership kept; its own copies follow it."""
    kept_id = event.data["duplicate_of"]
    if _refer(uow, event, kept_id):
        custodies.follow(uow, event.subject, CLOSED, "", event.sequence)
        for copy in records.copies(uow, event.subject):
            records.change(uow, copy, "duplicate", duplicate_of=kept_id)


def follow_reopened(uow: UnitOfWork, event: Received) -> None:
    """Open a closed record again."""
    _refer(uow, event, "")


def require_open_record(uow: UnitOfWork, record: Record) -> None:
    """Refuse to change a record that was closed."""
    if record.duplicate_of:
        rule = uow.policy(CustomersPolicy).rules.duplicates.closed
        raise RECORD_CLOSED.refuse(clause=rule.clause)


def _refer(uow: UnitOfWork, event: Received, kept_id: str) -> bool:
    record = records.find(uow, event.subject)
    if record is None:
        raise LookupError(f"customer {event.subject} is not registered here yet")
    if records.closed_sequence(uow, event.subject) >= event.sequence:
        return False
    reason = "duplicate" if kept_id else "reopened"
    sequence = event.sequence
    records.change(uow, record, reason, duplicate_of=kept_id, closed_sequence=sequence)
    return True
