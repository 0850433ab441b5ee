"""What one listener is told, and how often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.gateway.domain.topics import TOPICS

PAUSE_SECONDS = 5.0
"""Between two hints that a topic has something new for all who read it: it has readers enough."""
MOST_PENDING = 200
"""Hints kept for a listener that is slow to take them; beyond that it is told of whole topics."""


@dataclass(slots=True)
class Listener:
    """Collects hints until they are taken. Times are seconds of one monotonic clock.

    `position` is that of the last change heard of. After what `take` returned a listener may go
    on from the position that comes with it: it hears of nothing too little, perhaps of some twice.
    """

    staff_id: str
    roles: frozenset[str]
    topics: frozenset[str]
    """What the person reads beyond the own."""
    position: int
    _pending: dict[tuple[str, str], None] = field(default_factory=dict)
    _held: dict[str, int] = field(default_factory=dict)
    """Topics that wait for the pause to pass, with the first change that was held back."""
    _told: dict[str, float] = field(default_factory=dict)

    def hear(self, changes: Iterable[Mapping[Any, Any]], now: float) -> None:
        """Take note of changes, as stored, in their order."""
        for change in changes:
            self.position = max(self.position, change["seq"])
            topic = change["topic"]
            if self.staff_id in change["people"]:
                self._pending[topic, change["subject_id"]] = None
            elif (
                change["everyone"]
                or topic in self.topics
                or not self.roles.isdisjoint(change["roles"])
            ):
                self._held.setdefault(topic, change["seq"])
        self._release(now)

    def lose_track(self) -> None:
        """Be told that everything may have changed."""
        self._pending |= {(topic, ""): None for topic in TOPICS}

    def due(self, now: float) -> bool:
        """Whether there is something to take."""
        self._release(now)
        return bool(self._pending)

    def take(self, now: float) -> tuple[list[tuple[str, str]], int]:
        """Return (topic, subject id) of what changed, and the position to go on from."""
        self._release(now)
        if len(self._pending) > MOST_PENDING:
            self._pending = {(topic, ""): None for topic, _ in self._pending}
        hints, self._pending = list(self._pending), {}
        return hints, min(self._held.values()) - 1 if self._held else self.position

    def _release(self, now: float) -> None:
        for topic in list(self._held):
            if now - self._told.get(topic, now - PAUSE_SECONDS) >= PAUSE_SECONDS:
                del self._held[topic]
                self._told[topic] = now
                self._pending[topic, ""] = None
