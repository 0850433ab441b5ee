"""What customers does when it hears of something."""

from chassis.inbox import Handler
from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.customers.app.copies import follow_closed, follow_reopened
from services.customers.app.corrections import clear_mnemonic
from services.customers.app.registration import amend_approved, register_approved
from services.customers.store import custodies, identities


def _case_approved(uow: UnitOfWork, event: Received) -> None:
    if event.data["flow"] == "register":
        register_approved(uow, event)
    elif event.data["flow"] == "claim":
        amend_approved(uow, event)


def _case_closed(uow: UnitOfWork, event: Received) -> None:
    identities.close_case(uow, event.subject)


def _moved(uow: UnitOfWork, event: Received) -> None:
    holder = event.data.get("holder_id", "")
    custodies.follow(uow, event.subject, event.data["location"], holder, event.sequence)


def _released(uow: UnitOfWork, event: Received) -> None:
    _moved(uow, event)
    clear_mnemonic(uow, event.subject)


def _staff_changed(uow: UnitOfWork, event: Received) -> None:
    data = event.data
    custodies.follow_colleague(uow, event.subject, data["department"], data["team"], event.sequence)


HANDLERS: dict[str, Handler] = {
    "crm.review.case.approved.v1": _case_approved,
    "crm.review.case.closed.v1": _case_closed,
    "crm.ownership.holding.granted.v1": _moved,
    "crm.ownership.holding.released.v1": _released,
    "crm.ownership.position.entered.v1": _moved,
    "crm.ownership.position.closed.v1": follow_closed,
    "crm.ownership.position.reopened.v1": follow_reopened,
    "crm.ownership.staff.changed.v1": _staff_changed,
}
