"""What the gateway does when it hears of something: it keeps a hint for those who look at it."""

from chassis.inbox import Handler
from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.gateway.domain.topics import CONCERNS, hints_of
from services.gateway.store import changes


def _note(uow: UnitOfWork, event: Received) -> None:
    changes.append(uow.connection, hints_of(event.type, event.data), uow.now)


HANDLERS: dict[str, Handler] = dict.fromkeys(CONCERNS, _note)
