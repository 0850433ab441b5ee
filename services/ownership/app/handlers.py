"""What ownership does when it hears of something."""

from datetime import date

from chassis.inbox import Handler
from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.ownership.app import (
    cases,
    deadlines,
    disputes,
    distributing,
    found_pairs,
    heard,
    reallocations,
    rotas,
    rulings,
    runs,
)


def _case_opened(uow: UnitOfWork, event: Received) -> None:
    if event.data["flow"] == "ruling":
        rulings.note_case(uow, event)
    elif event.data["flow"] == "reallocation":
        reallocations.note_case(uow, event)


def _case_approved(uow: UnitOfWork, event: Received) -> None:
    data = event.data
    if data["flow"] == "ruling":
        rulings.carry_out(uow, event)
    elif data["flow"] == "claim":
        cases.fulfil_claim(uow, event.subject, data["customer_id"], event.time)
    elif data["flow"] == "release":
        cases.fulfil_release(uow, event.subject, data["customer_id"], data["applicant_id"])
    elif data["flow"] == "reallocation":
        reallocations.case_approved(uow, event)


def _case_closed(uow: UnitOfWork, event: Received) -> None:
    flow = event.data["flow"]
    if flow == "ruling":
        rulings.drop_closed(uow, event)
    elif flow == "reallocation":
        reallocations.case_closed(uow, event)
    else:
        cases.free(uow, event.subject)


def _run_due(uow: UnitOfWork, event: Received) -> None:
    day = date.fromisoformat(event.data["date"])
    if begin := _RUNS.get(event.data["run"]):
        begin(uow, day)


_RUNS = {
    "reclaim": runs.reclaim_due,
    "distribution": distributing.distribution_due,
    "distribution_deadline": distributing.deadline_passed,
    "rota": rotas.begin_week,
}


HANDLERS: dict[str, Handler] = {
    "crm.customers.customer.registered.v1": cases.register,
    "crm.customers.customer.imported.v1": cases.register,
    "crm.customers.customer.supplemented.v1": cases.follow_summary,
    "crm.customers.customer.amended.v1": cases.follow_summary,
    "crm.customers.duplicate.found.v1": found_pairs.follow_found,
    "crm.activity.signing.recorded.v1": disputes.follow_signing,
    "crm.activity.signing.countered.v1": disputes.follow_counter,
    "crm.review.case.opened.v1": _case_opened,
    "crm.review.case.approved.v1": _case_approved,
    "crm.review.case.closed.v1": _case_closed,
    "crm.scheduler.clocks.armed.v1": deadlines.follow_clocks,
    "crm.scheduler.clocks.due.v1": runs.clock_due,
    "crm.scheduler.run.due.v1": _run_due,
    "crm.scheduler.leave.recorded.v1": heard.follow_leave,
    "crm.activity.call_assessment.recorded.v1": heard.follow_assessment,
    "crm.activity.spot_check.recorded.v1": heard.follow_spot_check,
    "crm.activity.violation.confirmed.v1": heard.follow_standing,
    "crm.activity.violation.revoked.v1": heard.follow_standing,
}
