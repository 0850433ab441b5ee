"""What must hold of all databases together once every message was delivered.

Read by SQL, past the code of the services, so that it is no repetition of it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from cli.rehearsal.rows import Rows

Books = Mapping[str, Rows]
"""The rows of every service by its name."""

IN_LIBRARY = "private_library"
POSITIONS = "SELECT customer_id, location, COALESCE(holder_id, '') FROM position ORDER BY 1"


def one_holder(books: Books) -> Iterator[str]:
    """I1: a customer is where its history ends; it has a holder exactly in a library."""
    rows = books["ownership"]
    places: dict[str, tuple[str, str]] = {}
    for customer_id, *move in rows.all(
        "SELECT customer_id, from_location, from_holder_id, to_location, to_holder_id"
        " FROM position_change ORDER BY change"
    ):
        if places.get(customer_id, ("", "")) != (move[0], move[1]):
            yield f"{customer_id} moved from where it was not: {move}"
        places[customer_id] = (move[2], move[3])
    for customer_id, location, holder_id in rows.all(POSITIONS):
        if places.pop(customer_id, None) != (location, holder_id):
            yield f"{customer_id} is in {location} of {holder_id}, its history says otherwise"
        if (location == IN_LIBRARY) != bool(holder_id):
            yield f"{customer_id} is in {location} and held by {holder_id or 'nobody'}"
    for customer_id in places:
        yield f"{customer_id} has a history and no position"


def slots_counted(books: Books) -> Iterator[str]:
    """I2: everybody's counters are what their holdings and reservations add up to."""
    rows = books["ownership"]
    used = Counter(rows.column("SELECT holder_id FROM position WHERE counted"))
    held = Counter(
        rows.column("SELECT staff_id FROM slot_reservation WHERE state = 'held' AND counted")
    )
    for staff_id, was_used, was_held in rows.all("SELECT staff_id, used, held FROM quota_counter"):
        if (was_used, was_held) != (used[staff_id], held[staff_id]):
            yield (
                f"{staff_id} counts {was_used} + {was_held},"
                f" holds {used[staff_id]} + {held[staff_id]}"
            )


def one_identity(books: Books) -> Iterator[str]:
    """I3: every customer has one identity, which no other has."""
    rows = books["customers"]
    keys = Counter(rows.column("SELECT customer_id FROM identity WHERE customer_id IS NOT NULL"))
    customers = rows.column("SELECT customer_id FROM customer")
    for customer_id in customers:
        if keys.pop(customer_id, 0) != 1:
            yield f"{customer_id} has no identity of its own"
    for customer_id in keys:
        yield f"an identity belongs to {customer_id}, which does not exist"


def told_alike(books: Books) -> Iterator[str]:
    """I10: what services remember of one another is what is so."""
    believed = "SELECT customer_id, location, holder_id FROM custody ORDER BY 1"
    if books["customers"].all(believed) != books["ownership"].all(POSITIONS):
        yield "customers believes otherwise of who holds what"
    held = "SELECT customer_id, holder_id FROM position WHERE holder_id IS NOT NULL ORDER BY 1"
    known = "SELECT customer_id, holder_id FROM customer_custody WHERE holder_id <> '' ORDER BY 1"
    if books["activity"].all(known) != books["ownership"].all(held):
        yield "activity believes otherwise of who holds what"


def delivered(books: Books) -> Iterator[str]:
    """I5: everything was sent and received, and nothing was set aside."""
    for service, rows in books.items():
        for event_type in rows.column("SELECT type FROM outbox WHERE published_at IS NULL"):
            yield f"{service} has not sent {event_type}"
        for event_type, error in rows.all(
            "SELECT type, last_error FROM inbox WHERE done_at IS NULL"
        ):
            yield f"{service} has not handled {event_type}: {error}"


ALL = (one_holder, slots_counted, one_identity, told_alike, delivered)
