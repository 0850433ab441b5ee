"""I10: what services remember of one another can be had again from the events."""

from typing import TYPE_CHECKING

from tests.simulation.broken import require

if TYPE_CHECKING:
    from tests.simulation.world import World

PROJECTIONS = {
    "customers": ("custody", "colleague"),
    "activity": ("customer_custody", "customer_summary", "person"),
    "scheduler": ("staff_place",),
}
"""What a service keeps of others' events alone."""
SOURCES = {
    "customers": ("crm.ownership.%",),
    "activity": ("crm.ownership.%", "crm.customers.%"),
    "scheduler": ("crm.ownership.staff.changed.v1",),
}


def check(world: "World") -> None:
    """Forget every projection and hear all events again, in another order; nothing may differ.

    A closed record is left out: its announcement does more than a projection, and only once.
    """
    for service, names in PROJECTIONS.items():
        before = {name: _content(world, service, name) for name in names}
        _forget(world, service)
        inbox = world.parts[service].inbox()
        for body in _heard(world, service):
            inbox.receive(body)
        for name in names:
            again = _content(world, service, name)
            require(again == before[name], "I10 the same again", service=service, table=name)


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


def _heard(world: "World", service: str) -> list[str]:
    """Return every event that a service subscribes to, shuffled; each subject keeps its order."""
    handled = world.parts[service].service.handlers
    queues: dict[tuple[str, str], list[str]] = {}
    for name, rows in world.rows.items():
        for kind, subject, body in rows.all(
            "SELECT type, subject, body FROM outbox ORDER BY position"
        ):
            if kind in handled and any(_like(kind, source) for source in SOURCES[service]):
                queues.setdefault((name, subject), []).append(body)
    found: list[str] = []
    waiting = list(queues.values())
    while waiting:
        queue = world.random.choice(waiting)
        found.append(queue.pop(0))
        if not queue:
            waiting.remove(queue)
    return found


def _like(kind: str, pattern: str) -> bool:
    return kind == pattern or kind.startswith(pattern.removesuffix("%"))
