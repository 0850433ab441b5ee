"""What activity does when it hears of something."""

from datetime import datetime

from chassis.inbox import Handler
from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.activity.app import checks, months, notices, settling
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.settling import SETTLING
from services.activity.store import custodies, tasks


def _described(uow: UnitOfWork, event: Received) -> None:
    data = event.data
    name, category = data["full_name"], data["category"]
    custodies.follow_summary(uow, event.subject, name, category, event.sequence)


def _granted(uow: UnitOfWork, event: Received) -> None:
    data = event.data
    since = datetime.fromisoformat(data["protect_time"])
    holder, location = data["holder_id"], data["location"]
    custodies.follow(uow, event.subject, location, holder, since, event.sequence)
    _moved(uow, event.subject)
    known = custodies.find(uow, event.subject)
    full_name = data.get("full_name") or (known.full_name if known else "")
    notices.customer_added(uow, event, holder, event.subject, full_name)


def _released(uow: UnitOfWork, event: Received) -> None:
    custodies.follow(uow, event.subject, event.data["location"], "", None, event.sequence)
    _moved(uow, event.subject)


def _closed(uow: UnitOfWork, event: Received) -> None:
    custodies.follow(uow, event.subject, "closed", "", None, event.sequence)
    _moved(uow, event.subject)


def _moved(uow: UnitOfWork, customer_id: str) -> None:
    tasks.dismiss_former(uow, customer_id, custodies.holder_of(uow, customer_id))


def _run_due(uow: UnitOfWork, event: Received) -> None:
    begin = {"spot_check": checks.close_day, "month_end": months.begin_close}
    work = begin.get(event.data["run"])
    if work:
        work(uow, event)


def _clock_warned(uow: UnitOfWork, event: Received) -> None:
    rules = uow.policy(ActivityPolicy).rules.tasks
    notices.clock_notices(uow, event, rules.clock_warned)


def _clock_due(uow: UnitOfWork, event: Received) -> None:
    notices.clock_notices(uow, event, uow.policy(ActivityPolicy).rules.tasks.clock_due)


def _staff_changed(uow: UnitOfWork, event: Received) -> None:
    data = event.data
    custodies.follow_colleague(
        uow,
        event.subject,
        data["display_name"],
        data["department"],
        data["team"],
        event.sequence,
    )


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(SETTLING, settling.settle),
    "crm.customers.customer.registered.v1": _described,
    "crm.customers.customer.imported.v1": _described,
    "crm.customers.customer.amended.v1": _described,
    "crm.customers.customer.supplemented.v1": _described,
    "crm.ownership.holding.granted.v1": _granted,
    "crm.ownership.holding.released.v1": _released,
    "crm.ownership.position.closed.v1": _closed,
    "crm.ownership.staff.changed.v1": _staff_changed,
    "crm.ownership.staff.departed.v1": notices.staff_departed,
    "crm.ownership.lead.routed.v1": notices.lead_routed,
    "crm.ownership.run.stopped.v1": notices.run_stopped,
    "crm.ownership.run.overdue.v1": notices.run_overdue,
    "crm.review.case.overdue.v1": notices.case_overdue,
    "crm.scheduler.clocks.armed.v1": settling.deadlines_moved,
    "crm.scheduler.clocks.warned.v1": _clock_warned,
    "crm.scheduler.clocks.due.v1": _clock_due,
    "crm.scheduler.run.due.v1": _run_due,
}
