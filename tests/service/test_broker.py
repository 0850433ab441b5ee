"""The broker inside one process takes what the relay sends."""

from chassis import broker
from chassis.relay import Outgoing

TYPE = "crm.customers.customer.registered.v1"


def test_an_event_reaches_its_queue_in_memory() -> None:
    url = "memory://"
    broker.declare(url, ["customers"], [("ownership", TYPE)])
    publisher = broker.BrokerPublisher(url, "customers", {TYPE})
    assert publisher.publish([Outgoing(1, "e1", TYPE, "c1", '{"名": 1}')]) == {}
    with broker.connect(url) as connection:
        queue = broker.queue_of("ownership", TYPE, url).bind(connection.default_channel)
        message = queue.get(no_ack=True)
    publisher.close()
    assert message is not None
    assert bytes(message.body).decode() == '{"名": 1}'
