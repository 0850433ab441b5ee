"""Statements on accounts."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts: whose username or person's id contains `query`; only the disabled ones."""

    query: str = ""
    disabled: bool = False


def page(connection: sa.Connection, wanted: Wanted, after: str, size: int) -> list[sa.RowMapping]:
    """Return up to `size` accounts whose username comes after `after`, in order."""
    listed = sa.select(account).where(account.c.username > after, *_conditions(wanted))
    rows = connection.execute(listed.order_by(account.c.username).limit(size))
    return list(rows.mappings())


def count(connection: sa.Connection, wanted: Wanted) -> int:
    """Return how many accounts there are."""
    counted = sa.select(sa.func.count()).select_from(account).where(*_conditions(wanted))
    found: int = connection.execute(counted).scalar_one()
    return found


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.query:
        texts = (account.c.username, account.c.staff_id)
        found = (text.icontains(wanted.query, autoescape=True) for text in texts)
        conditions.append(sa.or_(*found))
    if wanted.disabled:
        conditions.append(account.c.disabled_at.is_not(None))
    return conditions


def change(connection: sa.Connection, username: str, **values: Any) -> bool:
    """Set columns of an account; return whether it exists."""
    statement = account.update().where(account.c.username == username).values(**values)
    return connection.execute(statement).rowcount == 1
