"""What activity does when it hears of something."""

from datetime import datetime

from chassis.inbox import Handler
from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.activity.store import custodies


def _described(uow: UnitOfWork, event: Received) -> None:
    data = event.data
    name, category = data["full_name"], data["category"]
    custodies.follow_summary(uow, event.subject, name, category, event.sequence)


def _granted(uow: UnitOfWork, event: Received) -> None:
    data = event.data
    since = datetime.fromisoformat(data["protect_time"])
    holder, location = data["holder_id"], data["location"]
    custodies.follow(uow, event.subject, location, holder, since, event.sequence)


def _released(uow: UnitOfWork, event: Received) -> None:
    custodies.follow(uow, event.subject, event.data["location"], "", None, event.sequence)


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
    "crm.customers.customer.registered.v1": _described,
    "crm.customers.customer.imported.v1": _described,
    "crm.customers.customer.amended.v1": _described,
    "crm.customers.customer.supplemented.v1": _described,
    "crm.ownership.holding.granted.v1": _granted,
    "crm.ownership.holding.released.v1": _released,
    "crm.ownership.staff.changed.v1": _staff_changed,
}
