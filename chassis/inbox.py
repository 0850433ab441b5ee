"""Every event has its effect exactly once, however often and in whatever order it arrives.

The inbox row, the effect and the events that follow commit together. A handler that fails leaves a
row that is tried again from the database with growing pauses, and is parked for a person after
the last; so the broker never decides about retries.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis import events, telemetry
from chassis.columns import upsert
from chassis.db import Database
from chassis.identity import system
from chassis.kernel import Clock, Identity, Ids, Received
from chassis.policies import PolicyStore
from chassis.tables import inbox as _t
from chassis.unit import UnitOfWork

Body = str | bytes | dict[str, Any]
Handler = Callable[[UnitOfWork, Received], None]

PAUSES = (1, 4, 15, 60, 300, 900, 3600, 3600, 3600, 3600, 3600, 3600)
"""Seconds before each further attempt; parked when they are used up."""

_log = logging.getLogger(__name__)


def _claim(dialect: str) -> sa.Insert:
    insert = upsert(dialect, _t)
    return insert.on_conflict_do_update(
        index_elements=["consumer", "event_id"],
        set_={"done_at": insert.excluded.done_at, "next_at": None, "parked_at": None},
        where=_t.c.done_at.is_(None),
    )


_CLAIM = {dialect: _claim(dialect) for dialect in ("sqlite", "postgresql")}


@dataclass(frozen=True, slots=True)
class Inbox:
    """Receives a service's events and runs its handlers."""

    service: str
    database: Database
    clock: Clock
    new_id: Ids
    policies: PolicyStore
    handlers: Mapping[str, Handler]

    def receive(self, body: Body, message_id: str = "") -> None:
        """Handle one message. Returns once its effect, its failure or its parking is stored.

        `message_id` names the row of a message that was received before. Raises only when the
        database cannot be reached; the message must then come again.
        """
        event = self._read(body, message_id)
        if event is None:
            return
        trace = telemetry.continue_trace(event.trace_parent, self.new_id)
        with telemetry.traced(trace, self.service, event.type):
            try:
                self.database.run(lambda connection: self._handle(connection, event, trace))
            except Exception as error:  # noqa: BLE001 - kept, and tried again
                _log.exception("handling %s failed", event.id)
                self._keep_for_retry(event, body, repr(error))

    def receive_all(self, bodies: Sequence[Body]) -> None:
        """Handle the messages that are at hand in one transaction, in their order.

        When any of them fails each is handled by itself, so that none suffers from another.
        """
        if len(bodies) > 1:
            known = [event for body in bodies if (event := self._decoded(body))]
            if len(known) == len(bodies) and self._handle_together(known):
                return
        for body in bodies:
            self.receive(body)

    def retry_due(self, limit: int = 100) -> int:
        """Try again what is due; return how many were tried."""
        with self.database.read() as connection:
            due = connection.execute(
                sa.select(_t.c.event_id, _t.c.body)
                .where(_t.c.next_at <= self.clock())
                .order_by(_t.c.next_at)
                .limit(limit)
            ).all()
        for row in due:
            self.receive(row.body or "", row.event_id)
        return len(due)

    def park(self, body: Any, error: str, message_id: str = "") -> None:
        """Set bytes aside that are not an event, for a person to look at.

        `message_id` names the row of a message that was set aside before.
        """
        text = body if isinstance(body, str) else repr(body)
        now = self.clock()
        insert = upsert(self.database.dialect, _t)
        row = {
            "consumer": self.service,
            "event_id": message_id or self.new_id(),
            "type": "",
            "received_at": now,
            "parked_at": now,
            "next_at": None,
            "attempts": 1,
            "body": _storable(text[:65536]),
            "last_error": _storable(error[:2000]),
        }
        again = {name: row[name] for name in ("parked_at", "next_at", "last_error")}
        park = insert.values(row).on_conflict_do_update(
            index_elements=["consumer", "event_id"],
            set_=again | {"attempts": _t.c.attempts + 1},
        )
        self.database.run(lambda connection: connection.execute(park))

    def _read(self, body: Body, message_id: str) -> Received | None:
        """Return the event to handle; what cannot be handled is set aside or left out."""
        try:
            event = events.decode(body)
        except events.NotAnEvent as error:
            self.park(body, str(error), message_id)
            return None
        if event.type in self.handlers:
            return event
        if message_id:
            self.park(body, f"no handler for {event.type}", message_id)
        _log.warning("no handler for %s", event.type)
        return None

    def _decoded(self, body: Body) -> Received | None:
        try:
            event = events.decode(body)
        except events.NotAnEvent:
            return None
        return event if event.type in self.handlers else None

    def _handle_together(self, received: Sequence[Received]) -> bool:
        traced = [(e, telemetry.continue_trace(e.trace_parent, self.new_id)) for e in received]

        def work(connection: sa.Connection) -> None:
            for event, trace in traced:
                with telemetry.traced(trace, self.service, event.type):
                    self._handle(connection, event, trace)

        try:
            self.database.run(work)
        except Exception as error:  # noqa: BLE001 - each by itself will tell
            _log.info("handling %d together failed: %r", len(received), error)
            return False
        return True

    def _handle(self, connection: sa.Connection, event: Received, trace: telemetry.Trace) -> None:
        now = self.clock()
        claimed = connection.execute(
            _CLAIM[self.database.dialect],
            {
                "consumer": self.service,
                "event_id": event.id,
                "type": event.type,
                "received_at": now,
                "done_at": now,
            },
        )
        if claimed.rowcount == 0:
            return
        uow = UnitOfWork(
            service=self.service,
            connection=connection,
            now=now,
            new_id=self.new_id,
            actor=actor_of(event, self.service),
            correlation_id=event.correlation_id,
            causation_id=event.id,
            policies=self.policies,
            trace_parent=trace.header,
        )
        self.handlers[event.type](uow, event)

    def _keep_for_retry(self, event: Received, body: Body, error: str) -> None:
        now = self.clock()
        text = json.dumps(body) if isinstance(body, dict) else body
        text = text.decode() if isinstance(text, bytes) else text

        def work(connection: sa.Connection) -> None:
            key = (_t.c.consumer == self.service) & (_t.c.event_id == event.id)
            attempts = connection.execute(sa.select(_t.c.attempts).where(key)).scalar()
            state = failure((attempts or 0) + 1, now) | {"last_error": _storable(error[:2000])}
            if attempts is None:
                row = {
                    "consumer": self.service,
                    "event_id": event.id,
                    "type": event.type,
                    "received_at": now,
                    "body": _storable(text),
                }
                connection.execute(_t.insert(), row | state)
            else:
                connection.execute(_t.update().where(key, _t.c.done_at.is_(None)), state)

        self.database.run(work)


def _storable(text: str) -> str:
    """Return a text that every database takes: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def failure(attempts: int, now: datetime) -> dict[str, Any]:
    """Return when to try again after `attempts` failures, or that the message is parked."""
    if attempts > len(PAUSES):
        return {"attempts": attempts, "next_at": None, "parked_at": now}
    return {
        "attempts": attempts,
        "next_at": now + timedelta(seconds=PAUSES[attempts - 1]),
        "parked_at": None,
    }


def actor_of(event: Received, service: str) -> Identity:
    """Return the person an event was caused by; the service itself when there was none."""
    actor = event.data.get("actor")
    return Identity.from_dict(actor) if isinstance(actor, dict) else system(service)
