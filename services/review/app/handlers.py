"""What review does when it hears of something: cases open, and their flows go on."""

from collections.abc import Callable

from chassis.events import source_service
from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.review.app.deadlines import follow_clock, mark_overdue
from services.review.app.opening import open_case
from services.review.app.progress import advance
from services.review.domain.flow import FULFILLED_ON, Happening
from services.review.domain.policy import OPENING_EVENTS
from services.review.store import cases


def _fulfilled(uow: UnitOfWork, event: Received) -> None:
    case = cases.lock(uow, event.data["case_id"]) if event.data["case_id"] else None
    if case is None or case.flow not in FULFILLED_ON[event.type]:
        return
    known = {} if case.customer_id else {"customer_id": event.data.get("customer_id", "")}
    advance(uow, case, Happening.FULFILLED, by=source_service(event.type), **known)


def _refused(uow: UnitOfWork, event: Received) -> None:
    case = cases.lock(uow, event.data["case_id"])
    if case is not None:
        advance(uow, case, Happening.FULFILMENT_REFUSED, reason=event.data["zh"])


HANDLERS: dict[str, Callable[[UnitOfWork, Received], None]] = {
    **dict.fromkeys(FULFILLED_ON, _fulfilled),
    "crm.customers.registration.refused.v1": _refused,
    "crm.ownership.holding.refused.v1": _refused,
    **dict.fromkeys(OPENING_EVENTS, open_case),
    "crm.scheduler.clocks.armed.v1": follow_clock,
    "crm.scheduler.clocks.due.v1": mark_overdue,
}
