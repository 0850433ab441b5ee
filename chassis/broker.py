"""The broker side of sending: topology, and publishing with many confirms in flight.

Exchange `<service>.events` (topic, durable) per announcing service; one quorum queue per
subscriber and event type, named `crm.<subscriber>.<event type>`, with a delivery limit and a
dead-letter exchange as the last net. On `memory://` the same names without queue arguments.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import kombu
from amqp.basic_message import Message

from chassis.events import CONTENT_TYPE, source_service
from chassis.relay import Outgoing

DEAD_EXCHANGE = "crm.dead"
DELIVERY_LIMIT = 20
CONFIRM_SECONDS = 10.0
MEMORY_OPTIONS = {"polling_interval": 0.02}


def is_memory(url: str) -> bool:
    """Whether the broker lives inside this process."""
    return url.startswith("memory:")


def exchange_of(service: str) -> kombu.Exchange:
    """Return the exchange that a service announces on."""
    return kombu.Exchange(f"{service}.events", type="topic", durable=True)


def queue_of(subscriber: str, event_type: str, url: str) -> kombu.Queue:
    """Return the queue in which a subscriber receives an event type."""
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
    }
    return kombu.Queue(
        f"crm.{subscriber}.{event_type}",
        exchange=exchange_of(source_service(event_type)),
        routing_key=event_type,
        durable=True,
        queue_arguments={} if is_memory(url) else arguments,
    )


def connect(url: str) -> kombu.Connection:
    """Return a connection that is opened when it is used."""
    options = MEMORY_OPTIONS if is_memory(url) else {}
    return kombu.Connection(url, transport_options=options, heartbeat=60, connect_timeout=5)


def declare(url: str, announcers: Iterable[str], subscriptions: Iterable[tuple[str, str]]) -> None:
    """Declare exchanges, and the queues of (subscriber, event type) pairs. Repeating it is harmless."""
    with connect(url) as connection:
        channel = connection.default_channel
        if not is_memory(url):
            dead = kombu.Exchange(DEAD_EXCHANGE, type="fanout", durable=True)
            kombu.Queue(DEAD_EXCHANGE, exchange=dead, durable=True).bind(channel).declare()
        for service in announcers:
            exchange_of(service).bind(channel).declare()
        for subscriber, event_type in subscriptions:
            queue_of(subscriber, event_type, url).bind(channel).declare()


class BrokerPublisher:
    """Publishes a service's events. One connection, reopened after it broke."""

    def __init__(self, url: str, service: str, awaited: Collection[str]) -> None:
        self._url = url
        self._exchange = f"{service}.events"
        self._awaited = frozenset(awaited)
        self._connection: kombu.Connection | None = None
        self._channel: Any = None
        self._unconfirmed: dict[int, str] = {}
        self._refused: dict[str, str] = {}
        self._sent = 0

    def publish(self, batch: Sequence[Outgoing]) -> dict[str, str]:
        """See `chassis.relay.Publisher`. An event that somebody awaits must reach a queue."""
        try:
            return self._publish(batch)
        except (OSError, kombu.exceptions.OperationalError) as error:
            self.close()
            raise ConnectionError(str(error)) from error
        except Exception as error:
            connection, self._connection = self._connection, None
            if connection and isinstance(
                error, connection.connection_errors + connection.channel_errors
            ):
                raise ConnectionError(str(error)) from error
            raise

    def close(self) -> None:
        """Close the connection; the next publish opens another."""
        connection, self._connection = self._connection, None
        if connection:
            connection.collect()

    def _publish(self, batch: Sequence[Outgoing]) -> dict[str, str]:
        self._open()
        if is_memory(self._url):
            exchange = exchange_of(self._exchange.removesuffix(".events"))
            producer = kombu.Producer(self._channel, exchange=exchange)
            for row in batch:
                producer.publish(
                    row.body.encode(),
                    routing_key=row.type,
                    content_type=CONTENT_TYPE,
                    content_encoding="utf-8",
                )
            return {}
        self._refused = {}
        for row in batch:
            self._sent += 1
            self._unconfirmed[self._sent] = row.event_id
            message = Message(
                row.body.encode(),
                content_type=CONTENT_TYPE,
                content_encoding="utf-8",
                delivery_mode=2,
                message_id=row.event_id,
                application_headers={
                    "cloudEvents_id": row.event_id,
                    "cloudEvents_type": row.type,
                },
            )
            self._channel.basic_publish(
                message, self._exchange, row.type, mandatory=row.type in self._awaited
            )
        self._await_confirms()
        return dict(self._refused)

    def _open(self) -> None:
        if self._connection is not None:
            return
        self._connection = connect(self._url)
        self._connection.connect()
        self._channel = self._connection.channel()
        exchange_of(self._exchange.removesuffix(".events")).bind(self._channel).declare()
        if is_memory(self._url):
            return
        self._sent, self._unconfirmed = 0, {}
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._confirmed)
        self._channel.events["basic_nack"].add(self._rejected)
        self._channel.events["basic_return"].add(self._returned)

    def _await_confirms(self) -> None:
        while self._unconfirmed:
            assert self._connection is not None
            try:
                self._connection.drain_events(timeout=CONFIRM_SECONDS)
            except TimeoutError:
                raise ConnectionError("the broker did not confirm in time") from None

    def _confirmed(self, tag: int, multiple: bool) -> None:
        for settled in self._settle(tag, multiple):
            del self._unconfirmed[settled]

    def _rejected(self, tag: int, multiple: bool) -> None:
        for settled in self._settle(tag, multiple):
            self._refused[self._unconfirmed.pop(settled)] = "rejected by the broker"

    def _returned(self, error: Exception, exchange: str, key: str, message: Any) -> None:
        self._refused[message.properties["message_id"]] = f"no queue for {key}: {error}"

    def _settle(self, tag: int, multiple: bool) -> list[int]:
        if not multiple:
            return [tag] if tag in self._unconfirmed else []
        return [number for number in self._unconfirmed if number <= tag]
