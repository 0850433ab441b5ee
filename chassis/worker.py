"""A service's worker: nameko receives events, timers relay, retry, prune and tick.

nameko and eventlet appear here and in the `worker.py` of services only. Everything that
is called from here are plain functions that are tested without them.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import eventlet
from eventlet import tpool
from nameko.events import EventHandler
from nameko.messaging import QueueConsumer
from nameko.runners import ServiceRunner
from nameko.timer import timer

from chassis import broker
from chassis.events import CONTENT_TYPE, source_service
from chassis.relay import Relay
from chassis.rounds import Peers
from chassis.service import Parts

RELAY_SECONDS = 0.05
RETRY_SECONDS = 1.0
PRUNE_SECONDS = 60.0
REDELIVER_PAUSE_SECONDS = 2.0
REPLAYED_AT_START = timedelta(hours=1)

_log = logging.getLogger(__name__)


def _unchanged(body: Any) -> Any:
    """Bodies stay bytes: the inbox decodes them, and keeps what it cannot decode."""
    return body


class _ParkingQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """Keeps messages of a foreign content type instead of acknowledging them away."""

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        self.container.service_cls.inbox.park(message.body, str(exc))
        message.ack()


class _Subscription(EventHandler):  # type: ignore[misc]
    """One durable queue with an explicit name for one event type."""

    queue_consumer = _ParkingQueueConsumer()

    def __init__(self, event_type: str, **options: Any) -> None:
        super().__init__(source_service(event_type), event_type, requeue_on_error=True, **options)

    def setup(self) -> None:
        super().setup()
        name = self.container.service_name
        self.queue = broker.queue_of(name, self.event_type, self.container.config["AMQP_URI"])


def worker_class(parts: Parts, peers: Peers, amqp_url: str) -> type:
    """Return the nameko service class of a service: one method per event type, and the timers.

    Rounds run on a native thread, because a call to a peer would hold up everything here.
    """
    service = parts.service
    publisher = broker.BrokerPublisher(amqp_url, service.name, service.awaited)
    relay = Relay(parts.database, parts.clock, publisher, parts.new_id())
    inbox = parts.inbox()
    if broker.is_memory(amqp_url):
        relay.replay(parts.clock() - REPLAYED_AT_START)
    members: dict[str, Any] = {"name": service.name, "inbox": inbox}
    for event_type in service.handlers:
        method = f"on_{event_type.replace('.', '_')}"
        members[method] = _Subscription.decorator(event_type)(_receiver(method))
    members["relay"] = _every(RELAY_SECONDS, "relay", lambda: _drain(relay))
    members["retry"] = _every(RETRY_SECONDS, "retry", inbox.retry_due)
    members["prune"] = _every(PRUNE_SECONDS, "prune", relay.prune)
    for number, (seconds, work) in enumerate(service.ticks.items()):
        tick = f"tick_{number}"
        members[tick] = _every(seconds, tick, partial(parts.tick, work))
    for number, (seconds, work_round) in enumerate(service.rounds.items()):
        go_round = partial(tpool.execute, parts.round, work_round, peers)
        members[f"round_{number}"] = _every(seconds, f"round_{number}", go_round)
    return type(f"{service.name.title()}Worker", (), members)


def run_workers(
    services: Sequence[tuple[Parts, Peers]], amqp_url: str, stop: Callable[[Any], None]
) -> None:
    """Run the workers of one or several services until `stop`'s callback asks to end."""
    subscriptions = [
        (parts.service.name, event_type)
        for parts, _ in services
        for event_type in parts.service.handlers
    ]
    announcers = {parts.service.name for parts, _ in services}
    announcers |= {source_service(event_type) for _, event_type in subscriptions}
    broker.declare(amqp_url, sorted(announcers), subscriptions)
    runner = ServiceRunner(
        {
            "AMQP_URI": amqp_url,
            "TRANSPORT_OPTIONS": broker.MEMORY_OPTIONS if broker.is_memory(amqp_url) else {},
            "SERIALIZERS": {
                "cloudevents": {
                    "encoder": f"{__name__}._unchanged",
                    "decoder": f"{__name__}._unchanged",
                    "content_type": CONTENT_TYPE,
                    "content_encoding": "utf-8",
                }
            },
            "serializer": "cloudevents",
            "ACCEPT": ["cloudevents"],
            "max_workers": 4,
        }
    )
    for parts, peers in services:
        runner.add_service(worker_class(parts, peers, amqp_url))
    stop(lambda: eventlet.spawn_n(runner.stop))
    runner.start()
    _log.info("working")
    runner.wait()


def _receiver(name: str) -> Callable[[Any, Any], None]:
    def receive(self: Any, body: Any) -> None:
        try:
            self.inbox.receive(body)
        except Exception:
            _log.exception("not stored, to be delivered again")
            eventlet.sleep(REDELIVER_PAUSE_SECONDS)
            raise

    receive.__name__ = name
    return receive


def _every(seconds: float, name: str, work: Callable[[], Any]) -> Any:
    def tick(self: Any) -> None:
        try:
            work()
        except ConnectionError as error:
            _log.warning("%s: %s", name, error)
            eventlet.sleep(REDELIVER_PAUSE_SECONDS)
        except Exception:  # noqa: BLE001 - a timer goes on
            _log.exception("%s failed", name)

    tick.__name__ = name
    return timer(interval=seconds)(tick)


def _drain(relay: Relay) -> None:
    while relay.run_once():
        eventlet.sleep(0)
