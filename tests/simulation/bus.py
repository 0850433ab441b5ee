"""A broker that delays, repeats, reorders, loses confirms and is away for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.relay import Outgoing, Relay
from tests.simulation.crashes import Crash

if TYPE_CHECKING:
    from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Message:
    """An event on its way to one service."""

    consumer: str
    event: Outgoing


class Bus:
    """Holds what is on its way. Nothing that was confirmed is ever lost, as with a quorum queue."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.flying: list[Message] = []
        self.delivered = 0

    def publish(self, batch: Sequence[Outgoing]) -> dict[str, str]:
        """Take messages, as the relay's publisher."""
        crashes = self.world.crashes
        if crashes.happens("broker away", 0.03):
            raise ConnectionError("the broker is away")
        failures = {}
        for event in batch:
            crashes.maybe("while publishing", 0.01)
            for _ in range(2 if crashes.happens("published twice", 0.05) else 1):
                self.flying += [
                    Message(name, event)
                    for name, parts in self.world.parts.items()
                    if event.type in parts.service.handlers
                ]
            if crashes.happens("confirm lost", 0.02):
                failures[event.event_id] = "no confirm"
        crashes.maybe("between publish and mark", 0.04)
        return failures

    def relay(self, service: str, holder: str) -> int:
        """Let one of a service's relays send what is due; 0 also when it could not."""
        parts = self.world.parts[service]
        try:
            return Relay(parts.database, parts.clock, self, holder).run_once()
        except (Crash, ConnectionError):
            return 0

    def deliver(self) -> None:
        """Deliver any one of the messages; unless it is acknowledged it comes again."""
        if not self.flying:
            return
        at = self.world.random.randrange(len(self.flying))
        message = self.flying[at]
        crashes = self.world.crashes
        self.world.note(f"  {message.consumer} receives {message.event.type}")
        try:
            self.world.parts[message.consumer].inbox().receive(message.event.body)
            crashes.maybe("before acknowledging", 0.04)
        except Crash as crash:
            self.world.note(f"  {message.consumer} dies {crash}")
            return
        self.delivered += 1
        if not crashes.happens("delivered twice", 0.05):
            self.flying.remove(message)
