"""I10: what services remember of one another can be had again from the events."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests import shelf
from tests.platform import MONDAY
from tests.simulation.broken import require

if TYPE_CHECKING:
    from tests.simulation.world import World

PROJECTIONS = {
    "customers": ("custody", "colleague"),
    "activity": ("customer_custody", "customer_summary", "person"),
    "scheduler": ("staff_place",),
    "ownership": ("staff_leave", "violation_standing", "call_assessment"),
}
"""What a service keeps of others' events alone."""
SOURCES = {
    "customers": ("crm.ownership.%",),
    "activity": ("crm.ownership.%", "crm.customers.%"),
    "scheduler": ("crm.ownership.staff.changed.v1",),
    "ownership": (
        "crm.scheduler.leave.recorded.v1",
        "crm.scheduler.clocks.armed.v1",
        "crm.activity.violation.%",
        "crm.activity.call_assessment.%",
    ),
}
_FORGET_DEADLINES = (
    "UPDATE position SET due_at = NULL, due_basis_at = NULL, clock_version = 0"
    " WHERE holder_id IS NOT NULL"
)


def check(world: "World") -> None:
    """Forget every projection and hear all events again, in another order; nothing may differ.

    A closed record is left out: its announcement does more than a projection, and only once.
    Messages may still be on their way: what was handled by now is what is heard again. Afterwards
    the world is as it was before.
    """
    deadlines = _deadlines(world)
    with _aside(world) as shuffled:
        for service, names in PROJECTIONS.items():
            before = {name: _content(world, service, name) for name in names}
            heard = _heard(world, service, shuffled)
            _forget(world, service)
            inbox = world.parts[service].inbox()
            for body in heard:
                inbox.receive(body)
            for name in names:
                again = _content(world, service, name)
                require(again == before[name], "I10 the same again", service=service, table=name)
        again = _deadlines(world)
    if not world.awaited.unhandled:
        kept = {key: row for key, row in again.items() if key in deadlines}
        require(kept == deadlines, "I10 the same deadlines again", again=kept, before=deadlines)
    for key, row in again.items():
        shown = deadlines.get(key, row)
        alike = row == shown or _ahead(shown, row)
        require(alike, "I10 the same deadline again", customer=key, again=row, before=shown)


@contextmanager
def _aside(world: "World") -> Iterator[random.Random]:
    """Do something that leaves no trace; yield a randomness that is not the world's.

    What was announced is heard when nothing is due: runs have settled what waited for them.
    """
    images = {name: shelf.image(world.parts[name].database) for name in PROJECTIONS}
    now, state, faults = world.now, world.random.getstate(), world.crashes.on
    world.now, world.crashes.on, world.watch.asleep = MONDAY, False, True
    try:
        yield random.Random(world.steps)
    finally:
        for name, content in images.items():
            shelf.fill(world.parts[name].database, content)
        world.now, world.crashes.on, world.watch.asleep = now, faults, False
        world.random.setstate(state)


def _ahead(shown: tuple[Any, ...], heard: tuple[Any, ...]) -> bool:
    """Whether a run that asked activity and the scheduler knows more than was announced by now."""
    return shown[1] is None or shown[3] > heard[3] or (shown[3] == heard[3] and shown[1] > heard[1])


def _deadlines(world: "World") -> dict[str, tuple[Any, ...]]:
    """Return what is shown of every customer in a library that no run is about to deal with.

    Without a deadline the version may be one of an earlier holding.
    """
    found = world.rows["ownership"].all(
        "SELECT position.customer_id, position.due_at, due_basis_at,"
        " CASE WHEN position.due_at IS NULL THEN 0 ELSE clock_version END, late.version"
        " FROM position LEFT JOIN late_deadline late USING (customer_id)"
        " WHERE holder_id IS NOT NULL AND (position.due_at IS NULL OR position.due_at > ?)",
        world.stored_now,
    )
    return {row[0]: row for row in found}


def _content(world: "World", service: str, name: str) -> list[str]:
    found = world.rows[service].all(f"SELECT * FROM {name} WHERE sequence > 0")  # noqa: S608
    closed = "SELECT customer_id FROM position WHERE location = 'closed'"
    left_out = set(world.rows["ownership"].column(closed))
    return sorted(repr(row) for row in found if not left_out.intersection(row))


def _forget(world: "World", service: str) -> None:
    connection = world.rows[service].connection
    for name in PROJECTIONS[service]:
        connection.execute(f"DELETE FROM {name} WHERE sequence > 0")  # noqa: S608
    for source in SOURCES[service]:
        connection.execute("DELETE FROM inbox WHERE type LIKE ?", (source,))
    if service == "ownership":
        connection.execute(_FORGET_DEADLINES)
        connection.execute("DELETE FROM late_deadline")


def _heard(world: "World", service: str, shuffled: random.Random) -> list[str]:
    """Return every event that a service has handled, shuffled; each subject keeps its order."""
    handled = set(world.rows[service].column("SELECT event_id FROM inbox WHERE done_at <> ''"))
    queues: dict[tuple[str, str], list[str]] = {}
    for name, rows in world.rows.items():
        for event_id, kind, subject, body in rows.all(
            "SELECT event_id, type, subject, body FROM outbox ORDER BY position"
        ):
            if event_id in handled and any(_like(kind, source) for source in SOURCES[service]):
                queues.setdefault((name, subject), []).append(body)
    found: list[str] = []
    waiting = list(queues.values())
    while waiting:
        queue = shuffled.choice(waiting)
        found.append(queue.pop(0))
        if not queue:
            waiting.remove(queue)
    return found


def _like(kind: str, pattern: str) -> bool:
    return kind == pattern or kind.startswith(pattern.removesuffix("%"))
