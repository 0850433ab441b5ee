"""A service's worker: nameko receives events, pulses relay, retry, prune, tick and go round.

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
from eventlet.event import Event
from eventlet.queue import Empty, LightQueue
from nameko.events import EventHandler
from nameko.messaging import QueueConsumer
from nameko.runners import ServiceRunner

from chassis import broker
from chassis.events import CONTENT_TYPE, source_service
from chassis.inbox import Inbox
from chassis.kernel import Refused
from chassis.relay import Relay
from chassis.rounds import Peers
from chassis.service import Parts

RELAY_SECONDS = (0.02, 0.25)
"""Pause while there is something to send, and the longest when there was nothing for a while."""
RETRY_SECONDS = 1.0
PRUNE_SECONDS = 60.0
REDELIVER_PAUSE_SECONDS = 2.0
REPLAYED_AT_START = timedelta(hours=1)
AT_HAND = 50
"""Messages of a service that the broker hands over before the first is acknowledged."""

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


def worker_of(parts: Parts, peers: Peers, amqp_url: str) -> tuple[type, list["Pulse"]]:
    """Return the nameko class of a service, one method per event type, and what recurs beside it.

    Rounds run on a native thread, because a call to a peer would hold up everything here.
    """
    service = parts.service
    publisher = broker.BrokerPublisher(amqp_url, service.name, service.awaited)
    relay = Relay(parts.database, parts.clock, publisher, parts.new_id())
    inbox = parts.inbox()
    if broker.is_memory(amqp_url):
        relay.replay(parts.clock() - REPLAYED_AT_START)
    sending = Pulse("relay", partial(_drain, relay), *RELAY_SECONDS)
    together = Together(inbox, sending.wake)
    members: dict[str, Any] = {"name": service.name, "inbox": inbox}
    for event_type in service.handlers:
        method = f"on_{event_type.replace('.', '_')}"
        members[method] = _Subscription.decorator(event_type)(_receiver(method, together))
    pulses = [
        sending,
        Pulse("retry", inbox.retry_due, RETRY_SECONDS),
        Pulse("prune", relay.prune, PRUNE_SECONDS),
    ]
    for seconds, work in service.ticks.items():
        pulses.append(Pulse(work.__name__, partial(parts.tick, work), seconds))
    for seconds, go_round in service.rounds.items():
        on_thread = partial(tpool.execute, parts.round, go_round, peers)
        pulses.append(Pulse(go_round.__name__, on_thread, seconds))
    return type(f"{service.name.title()}Worker", (), members), pulses


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
            "max_workers": AT_HAND,
        }
    )
    pulses: list[Pulse] = []
    for parts, peers in services:
        worker, its_pulses = worker_of(parts, peers, amqp_url)
        runner.add_service(worker)
        pulses += its_pulses
    stop(lambda: eventlet.spawn_n(runner.stop))
    runner.start()
    beating = [eventlet.spawn(pulse.beat) for pulse in pulses]
    _log.info("working")
    runner.wait()
    for thread in beating:
        thread.kill()


class Pulse:
    """Repeats work: soon again while it finds something to do, more and more rarely while not."""

    def __init__(
        self, name: str, work: Callable[[], Any], least: float, most: float | None = None
    ) -> None:
        self._name = name
        self._work = work
        self._least = least
        self._most = least if most is None else most
        self._bell = LightQueue(1)

    def wake(self) -> None:
        """Let the work be done now."""
        if self._bell.empty():
            self._bell.put(None)

    def beat(self) -> None:
        """Go on until killed. A failure is logged, and the work tried again after a pause."""
        pause = self._least
        while True:
            found = self._once()
            pause = self._least if found else min(pause * 2, self._most)
            try:
                self._bell.get(timeout=pause)
                pause = self._least
            except Empty:
                pass

    def _once(self) -> bool:
        try:
            return bool(self._work())
        except Refused as refused:
            _log.warning("%s: %s", self._name, refused)
        except ConnectionError as error:
            _log.warning("%s: %s", self._name, error)
            eventlet.sleep(REDELIVER_PAUSE_SECONDS)
        except Exception:  # noqa: BLE001 - a timer goes on
            _log.exception("%s failed", self._name)
        return False


class Together:
    """Gives the messages that are at hand to the inbox together: one commit for all of them.

    The first that arrives lets the others come, and handles all; each waits for its own outcome.
    """

    def __init__(self, inbox: Inbox, handled: Callable[[], None]) -> None:
        self._inbox = inbox
        self._handled = handled
        self._waiting: list[tuple[bytes, Event]] = []
        self._led = False

    def receive(self, body: bytes) -> None:
        """Return when the message's outcome is stored; raise when it has to come again."""
        outcome = Event()
        self._waiting.append((body, outcome))
        if not self._led:
            self._led = True
            try:
                eventlet.sleep(0)
                while self._waiting:
                    self._handle()
            finally:
                self._led = False
        outcome.wait()

    def _handle(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            self._inbox.receive_all([body for body, _ in batch])
        except Exception as error:  # noqa: BLE001 - each message's own receiver tells it
            for _, outcome in batch:
                outcome.send_exception(error)
            return
        for _, outcome in batch:
            outcome.send()
        self._handled()


def _receiver(name: str, together: Together) -> Callable[[Any, Any], None]:
    def receive(self: Any, body: Any) -> None:
        try:
            together.receive(body)
        except Exception:
            _log.exception("not stored, to be delivered again")
            eventlet.sleep(REDELIVER_PAUSE_SECONDS)
            raise

    receive.__name__ = name
    return receive


def _drain(relay: Relay) -> int:
    sent = 0
    while batch := relay.run_once():
        sent += batch
        eventlet.sleep(0)
    return sent
