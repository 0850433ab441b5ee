"""What review does when it hears of something: its flows go on."""

from collections.abc import Callable

from chassis.inbox import Handler
from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.review.app.progress import advance
from services.review.app.submission import open_release
from services.review.domain.flow import Happening
from services.review.store import cases


def _fulfilled_by(service: str) -> Handler:
    def handle(uow: UnitOfWork, event: Received) -> None:
        case = cases.lock(uow, event.data["case_id"]) if event.data["case_id"] else None
        if case is None:
            return
        known = {} if case.customer_id else {"customer_id": event.data["customer_id"]}
        advance(uow, case, Happening.FULFILLED, by=service, **known)

    return handle


def _refused(uow: UnitOfWork, event: Received) -> None:
    case = cases.lock(uow, event.data["case_id"])
    if case is not None:
        advance(uow, case, Happening.FULFILMENT_REFUSED, reason=event.data["zh"])


HANDLERS: dict[str, Callable[[UnitOfWork, Received], None]] = {
    "crm.customers.customer.registered.v1": _fulfilled_by("customers"),
    "crm.customers.customer.amended.v1": _fulfilled_by("customers"),
    "crm.customers.registration.refused.v1": _refused,
    "crm.customers.customer.release_marked.v1": open_release,
    "crm.ownership.holding.granted.v1": _fulfilled_by("ownership"),
    "crm.ownership.holding.released.v1": _fulfilled_by("ownership"),
    "crm.ownership.holding.refused.v1": _refused,
}
