"""Use cases on changes: where a listener stands, what came since, what is forgotten."""

from datetime import timedelta

import sqlalchemy as sa

from chassis.db import Database
from chassis.unit import UnitOfWork
from services.gateway.store import changes

KEPT = timedelta(days=1)
MOST_RESUMED = 1000
"""Changes that a listener who comes back is told one by one."""


def newest(database: Database) -> int:
    """Return the position of the last change."""
    with database.read() as connection:
        return changes.newest(connection)


def after(database: Database, position: int, limit: int) -> list[sa.RowMapping]:
    """Return the next changes after a position."""
    with database.read() as connection:
        return changes.after(connection, position, limit)


def missed(database: Database, since: int, until: int) -> list[sa.RowMapping] | None:
    """Return the changes after `since` up to `until`; None when they are not all there any more.

    None also for too many, and for a position that this database never had.
    """
    if since > until or until - since > MOST_RESUMED:
        return None
    with database.read() as connection:
        rows = changes.after(connection, since, until - since)
    found = [row for row in rows if row["seq"] <= until]
    return found if len(found) == until - since else None


def forget(uow: UnitOfWork) -> None:
    """Remove changes after a day; who was away for longer asks for everything anyway."""
    changes.forget(uow.connection, uow.now - KEPT)
