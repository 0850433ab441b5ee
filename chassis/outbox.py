"""Events leave with the transaction that caused them, or not at all.

`append` writes the event beside the effect; `chassis.relay` sends it afterwards. Each subject
counts its events (`sequence`, from 1, without gaps), so that consumers can tell old from new.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chassis import events, tables
from chassis.columns import upsert
from chassis.kernel import Event

if TYPE_CHECKING:
    from chassis.unit import UnitOfWork

_NEXT = {name: upsert(name, tables.subject_sequence) for name in ("postgresql", "sqlite")}
_NEXT_SEQUENCES = {
    dialect: insert.on_conflict_do_update(
        index_elements=["subject"],
        set_={"sequence": tables.subject_sequence.c.sequence + insert.excluded.sequence},
    ).returning(tables.subject_sequence.c.subject, tables.subject_sequence.c.sequence)
    for dialect, insert in _NEXT.items()
}
_APPEND = tables.outbox.insert()


def append(uow: "UnitOfWork", events_: Sequence[Event]) -> list[str]:
    """Store events for sending, in order, and return their ids.

    Raises when one is not in the catalogue's form. Few statements, however many events.
    """
    if not events_:
        return []
    counts = Counter(event.subject for event in events_)
    counted = uow.connection.execute(
        _NEXT_SEQUENCES[uow.connection.dialect.name],
        [{"subject": subject, "sequence": count} for subject, count in counts.items()],
    )
    reached = {row.subject: row.sequence - counts[row.subject] for row in counted}
    rows = []
    for event in events_:
        reached[event.subject] += 1
        rows.append(_row(uow, event, reached[event.subject]))
    uow.connection.execute(_APPEND, rows)
    return [row["event_id"] for row in rows]


def _row(uow: "UnitOfWork", event: Event, sequence: int) -> dict[str, Any]:
    event_id = uow.new_id()
    body = events.encode(
        event,
        event_id=event_id,
        service=uow.service,
        sequence=sequence,
        time=uow.now,
        correlation_id=uow.correlation_id,
        causation_id=uow.causation_id,
        trace_parent=uow.trace_parent,
        actor=uow.actor,
    )
    return {
        "event_id": event_id,
        "type": event.type,
        "subject": event.subject,
        "sequence": sequence,
        "body": body,
        "happened_at": uow.now,
        "next_at": uow.now,
    }
