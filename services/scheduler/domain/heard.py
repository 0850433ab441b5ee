"""The events that a pack's clocks may name: those this service subscribes to, and no others."""

from typing import Literal, get_args

EventType = Literal[
    "crm.activity.follow_up.recorded.v1",
    "crm.activity.follow_up.voided.v1",
    "crm.ownership.holding.frozen.v1",
    "crm.ownership.holding.granted.v1",
    "crm.ownership.holding.released.v1",
    "crm.ownership.holding.thawed.v1",
    "crm.ownership.reallocation.proposed.v1",
    "crm.ownership.staff.departed.v1",
    "crm.review.case.approved.v1",
    "crm.review.case.closed.v1",
    "crm.review.case.opened.v1",
]

HEARD: tuple[str, ...] = get_args(EventType)


def source_of(event_type: str) -> str:
    """Return the service that announces a type."""
    return event_type.split(".")[1]
