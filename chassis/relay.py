"""Sends what the outbox holds, in order for each subject, at least once.

One relay per service is active, by a lease in the database. Rows are sent outside any
transaction and marked afterwards; a crash between sends them again under the same id. A row that
cannot be sent holds back the later rows of its own subject only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.db import Database, forbid_io
from chassis.kernel import Clock
from chassis.tables import inbox, lease, request
from chassis.tables import outbox as _t

BATCH = 500
LEASE = timedelta(seconds=15)
ATTEMPTS = 12
OUTBOX_KEPT = timedelta(days=7)
INBOX_KEPT = timedelta(days=30)
REQUESTS_KEPT = timedelta(days=7)


_ANYTHING = (
    sa.select(_t.c.position)
    .where(_t.c.published_at.is_(None), _t.c.next_at <= sa.bindparam("now"))
    .limit(1)
)
"""Asked first: an idle relay must not write, twenty times a second, to renew its lease."""


_HELD_BACK = (
    sa.select(_t.c.subject, sa.func.min(_t.c.position).label("first"))
    .where(
        _t.c.published_at.is_(None),
        (_t.c.next_at > sa.bindparam("now")) | _t.c.parked_at.is_not(None),
    )
    .group_by(_t.c.subject)
    .subquery()
)
_DUE = (
    sa.select(_t.c.position, _t.c.event_id, _t.c.type, _t.c.subject, _t.c.body)
    .join(_HELD_BACK, _HELD_BACK.c.subject == _t.c.subject, isouter=True)
    .where(
        _t.c.published_at.is_(None),
        _t.c.parked_at.is_(None),
        _t.c.next_at <= sa.bindparam("now"),
        _HELD_BACK.c.first.is_(None) | (_HELD_BACK.c.first > _t.c.position),
    )
    .order_by(_t.c.position)
    .limit(BATCH)
)
"""What can be sent; rows behind one of their subject that waits or is parked stay."""

_MARK = (
    _t.update()
    .where(_t.c.position.in_(sa.bindparam("positions", expanding=True)))
    .values(published_at=sa.bindparam("now"))
)


def _take(dialect: str) -> sa.Insert:
    insert = upsert(dialect, lease)
    mine = lease.c.holder == insert.excluded.holder
    return insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": insert.excluded.holder, "until": insert.excluded.until},
        where=mine | (lease.c.until <= sa.bindparam("now")),
    )


_TAKE = {dialect: _take(dialect) for dialect in ("sqlite", "postgresql")}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row on its way."""

    position: int
    event_id: str
    type: str
    subject: str
    body: str


class Publisher(Protocol):
    """Sends messages to the broker."""

    def publish(self, batch: Sequence[Outgoing]) -> dict[str, str]:
        """Send and wait for the confirms; return {event id: error} of what was not accepted.

        Raises ConnectionError when the broker cannot be reached.
        """


class Relay:
    """The sending side of one service.

    A batch has one row of each subject: the next one goes when this one was accepted.
    """

    def __init__(self, database: Database, clock: Clock, publisher: Publisher, holder: str) -> None:
        self.database = database
        self.clock = clock
        self.publisher = publisher
        self.holder = holder

    def run_once(self) -> int:
        """Send what is due and return how many were accepted; 0 when another relay is active."""
        forbid_io("publishing")
        now = self.clock()
        with self.database.read() as connection:
            if connection.execute(_ANYTHING, {"now": now}).first() is None:
                return 0
        batch = self.database.run(lambda connection: self._due(connection, now))
        if not batch:
            return 0
        failures = self.publisher.publish(batch)
        self.database.run(lambda connection: _mark(connection, batch, failures, now))
        return len(batch) - len(failures)

    def replay(self, since: datetime) -> int:
        """Mark everything announced from `since` on as unsent; receivers recognise repetitions."""

        def work(connection: sa.Connection) -> int:
            again = _t.update().where(_t.c.published_at >= since).values(published_at=None)
            return connection.execute(again).rowcount

        return self.database.run(work)

    def prune(self, limit: int = 500) -> int:
        """Remove old sent events, handled messages and remembered requests; return how many."""
        now = self.clock()

        def work(connection: sa.Connection) -> int:
            removed = 0
            for table, age in (
                (_t, _t.c.published_at < now - OUTBOX_KEPT),
                (inbox, inbox.c.done_at < now - INBOX_KEPT),
                (request, request.c.created_at < now - REQUESTS_KEPT),
            ):
                key = list(table.primary_key)
                old = sa.select(*key).where(age).limit(limit)
                removed += connection.execute(
                    table.delete().where(sa.tuple_(*key).in_(old))
                ).rowcount
            return removed

        return self.database.run(work)

    def _due(self, connection: sa.Connection, now: datetime) -> list[Outgoing]:
        if not take_lease(connection, "relay", self.holder, now, LEASE):
            return []
        first: dict[str, Outgoing] = {}
        for row in connection.execute(_DUE, {"now": now}):
            first.setdefault(row.subject, Outgoing(*row))
        return list(first.values())


def take_lease(
    connection: sa.Connection, name: str, holder: str, now: datetime, length: timedelta
) -> bool:
    """Take or renew a lease for `holder`; False when another holds it until after `now`."""
    row = {"name": name, "holder": holder, "until": now + length, "now": now}
    return connection.execute(_TAKE[connection.dialect.name], row).rowcount == 1


def _mark(
    connection: sa.Connection, batch: Sequence[Outgoing], failures: dict[str, str], now: datetime
) -> None:
    sent = [row.position for row in batch if row.event_id not in failures]
    if sent:
        connection.execute(_MARK, {"positions": sent, "now": now})
    for row in batch:
        if row.event_id not in failures:
            continue
        attempts = connection.execute(
            sa.select(_t.c.attempts).where(_t.c.position == row.position)
        ).scalar_one()
        pause = timedelta(seconds=min(2**attempts, 300))
        connection.execute(
            _t.update().where(_t.c.position == row.position),
            {
                "attempts": attempts + 1,
                "next_at": now + pause,
                "last_error": failures[row.event_id][:2000],
                "parked_at": now if attempts + 1 >= ATTEMPTS else None,
            },
        )
