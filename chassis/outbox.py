"""Events leave with the transaction that caused them, or not at all.

`append` writes the event beside the effect; `chassis.relay` sends it afterwards. Each subject
counts its events (`sequence`, from 1, without gaps), so that consumers can tell old from new.
"""

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis import events, tables
from chassis.kernel import Event

if TYPE_CHECKING:
    from chassis.unit import UnitOfWork

_NEXT = {
    "postgresql": postgresql.insert(tables.subject_sequence),
    "sqlite": sqlite.insert(tables.subject_sequence),
}
_NEXT_SEQUENCE = {
    dialect: insert.values(subject=sa.bindparam("subject"), sequence=1)
    .on_conflict_do_update(
        index_elements=["subject"],
        set_={"sequence": tables.subject_sequence.c.sequence + 1},
    )
    .returning(tables.subject_sequence.c.sequence)
    for dialect, insert in _NEXT.items()
}
_APPEND = tables.outbox.insert()


def append(uow: "UnitOfWork", event: Event) -> str:
    """Store `event` for sending and return its id; raises when it is not in the catalogue's form."""
    dialect = uow.connection.dialect.name
    sequence = uow.connection.execute(_NEXT_SEQUENCE[dialect], {"subject": event.subject}).scalar()
    assert isinstance(sequence, int)
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
    uow.connection.execute(
        _APPEND,
        {
            "event_id": event_id,
            "type": event.type,
            "subject": event.subject,
            "sequence": sequence,
            "body": body,
            "happened_at": uow.now,
            "next_at": uow.now,
        },
    )
    return event_id
