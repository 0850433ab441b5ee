"""What services say they announce and await is what they do."""

from chassis.events import source_service
from tests.platform import SERVICES


def test_every_event_type_belongs_to_the_service_that_announces_it() -> None:
    for service in SERVICES:
        assert {source_service(event_type) for event_type in service.emits} <= {service.name}


def test_every_subscription_is_to_something_announced() -> None:
    announced = set().union(*(service.emits for service in SERVICES))
    for service in SERVICES:
        assert service.handlers.keys() <= announced, service.name


def test_a_type_is_awaited_exactly_when_somebody_subscribes() -> None:
    """But for the gateway: a hint that nobody hears is no loss, so none waits for its queue."""
    subscribed = set().union(*(service.handlers.keys() for service in SERVICES))
    for service in SERVICES:
        assert service.awaited == service.emits & subscribed, service.name
