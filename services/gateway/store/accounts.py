"""Statements on accounts."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.gateway.store.tables import account


def insert(
    connection: sa.Connection, username: str, password_hash: str, staff_id: str, now: datetime
) -> None:
    """Add an account; a taken username raises IntegrityError."""
    connection.execute(
        account.insert(),
        {
            "username": username,
            "password_hash": password_hash,
            "staff_id": staff_id,
            "created_at": now,
        },
    )


def find(connection: sa.Connection, username: str) -> sa.RowMapping | None:
    """Return the account, or None."""
    statement = sa.select(account).where(account.c.username == username)
    return connection.execute(statement).mappings().first()


def page(connection: sa.Connection, after: str, size: int) -> list[sa.RowMapping]:
    """Return up to `size` accounts whose username comes after `after`, in order."""
    statement = (
        sa.select(account)
        .where(account.c.username > after)
        .order_by(account.c.username)
        .limit(size)
    )
    return list(connection.execute(statement).mappings())


def change(connection: sa.Connection, username: str, **values: Any) -> bool:
    """Set columns of an account; return whether it exists."""
    statement = account.update().where(account.c.username == username).values(**values)
    return connection.execute(statement).rowcount == 1
