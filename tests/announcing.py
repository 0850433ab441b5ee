"""Events of a service, handed to the others as if it had announced them."""

from typing import Any

from chassis.events import encode, source_service
from chassis.identity import system
from chassis.kernel import Event, Identity
from chassis.relay import Outgoing
from tests.platform import Platform


def announce(
    platform: Platform,
    event_type: str,
    subject: str,
    data: dict[str, Any],
    *,
    sequence: int = 1,
    actor: Identity | None = None,
    event_id: str = "",
) -> str:
    """Hand an event to every subscriber and let everything follow; return the event's id."""
    service = source_service(event_type)
    event_id = event_id or platform.new_id()
    body = encode(
        Event(event_type, subject, data),
        event_id=event_id,
        service=service,
        sequence=sequence,
        time=platform.now,
        correlation_id="told",
        causation_id="told",
        trace_parent="",
        actor=actor or system(service),
    )
    platform.deliver(Outgoing(0, event_id, event_type, subject, body))
    platform.settle()
    return event_id
