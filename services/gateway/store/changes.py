"""Statements on changes: numbered in the order in which they commit, without gaps."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from chassis.columns import upsert
from services.gateway.domain.topics import Hint
from services.gateway.store.tables import change, change_counter

_ONLY = 1


def append(connection: sa.Connection, hints: Sequence[Hint], now: datetime) -> None:
    """Add changes. Whoever else adds some waits until this transaction ends."""
    if not hints:
        return
    count = {"id": _ONLY, "newest": len(hints)}
    advance = (
        upsert(connection.dialect.name, change_counter)
        .values(count)
        .on_conflict_do_update(
            index_elements=["id"], set_={"newest": change_counter.c.newest + len(hints)}
        )
        .returning(change_counter.c.newest)
    )
    last = connection.execute(advance).scalar_one()
    rows = [
        {
            "seq": seq,
            "topic": hint.topic,
            "subject_id": hint.subject_id,
            "people": sorted(hint.people),
            "roles": sorted(hint.roles),
            "everyone": hint.everyone,
            "made_at": now,
        }
        for seq, hint in enumerate(hints, last - len(hints) + 1)
    ]
    connection.execute(change.insert(), rows)


def newest(connection: sa.Connection) -> int:
    """Return the number of the last change, 0 when there was none."""
    return connection.execute(sa.select(change_counter.c.newest)).scalar() or 0


def after(connection: sa.Connection, seq: int, limit: int) -> list[sa.RowMapping]:
    """Return up to `limit` changes that came after `seq`, in order."""
    statement = sa.select(change).where(change.c.seq > seq).order_by(change.c.seq).limit(limit)
    return list(connection.execute(statement).mappings())


def forget(connection: sa.Connection, before: datetime) -> None:
    """Remove the changes that were made before a time."""
    connection.execute(change.delete().where(change.c.made_at < before))
