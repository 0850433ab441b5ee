"""What must hold while messages are on their way."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from cli.rehearsal import deadline_books
from tests.simulation import ending, replaying
from tests.simulation.broken import require

if TYPE_CHECKING:
    from tests.simulation.world import World

_LATER = (
    "SELECT (SELECT COUNT(*) FROM recomputation WHERE done_at IS NULL) > 0 OR NOT EXISTS ("
    "SELECT 1 FROM recomputation WHERE cause = 'policy' AND reference = ("
    "SELECT CAST(version AS TEXT) FROM policy_version WHERE effective_at <= ?"
    " ORDER BY effective_at DESC, version DESC LIMIT 1))"
)
"""Whether deadlines wait to be computed again, or nobody has asked yet for what changed."""


@dataclass(slots=True)
class Awaited:
    """Follows which events somebody has still to handle."""

    read: dict[str, int] = field(default_factory=dict)
    unhandled: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Of each event and consumer the ids that it is about."""

    def follow(self, world: "World") -> None:
        """Take note of what was announced and of what was handled since the last time."""
        for source, rows in world.rows.items():
            for position, event_id, kind, body in rows.all(
                "SELECT position, event_id, type, body FROM outbox WHERE position > ?"
                " ORDER BY position",
                self.read.get(source, 0),
            ):
                self.read[source] = position
                concerned = frozenset(_ids(json.loads(body)))
                for consumer, parts in world.parts.items():
                    if kind in parts.service.handlers:
                        self.unhandled[event_id, consumer] = concerned
        for event_id, consumer in list(self.unhandled):
            done = "SELECT 1 FROM inbox WHERE event_id = ? AND done_at IS NOT NULL"
            if world.rows[consumer].one(done, event_id):
                del self.unhandled[event_id, consumer]

    def concerned(self) -> set[str]:
        """Return the ids that messages on their way are about."""
        return {one for ids in self.unhandled.values() for one in ids}


def check(world: "World", before: date, *, thorough: bool) -> None:
    """Check the whole on every new day since `before` and I10 in every new week, or always."""
    world.awaited.follow(world)
    if thorough or world.now.date() > before:
        ending.check_day(world)
        check_deadlines(world)
    if thorough or world.now.isocalendar().week > before.isocalendar().week:
        replaying.check(world)


def check_deadlines(world: "World") -> None:
    """I8: what is shown of a customer whom no message on its way is about, is what is enforced."""
    (later,) = world.rows["scheduler"].column(_LATER, world.stored_now)
    if later:
        return
    unsettled = world.awaited.concerned()
    passed = world.rows["ownership"].column(
        "SELECT customer_id FROM position WHERE due_at <= ?", world.stored_now
    )
    unsettled.update(passed)
    wrong = [
        one
        for one in deadline_books.shown_is_enforced(world.rows)
        if one.partition(" ")[0] not in unsettled
    ]
    require(not wrong, "I8 the deadline shown is the one enforced", wrong=wrong)


def _ids(envelope: Any) -> Iterator[str]:
    """Return every text of an event: whatever it is about is among them."""
    match envelope:
        case str():
            yield envelope
        case dict():
            for value in envelope.values():
                yield from _ids(value)
        case list():
            for value in envelope:
                yield from _ids(value)
