"""Use cases on accounts. One function, one transaction; hashing happens outside of them."""

from datetime import datetime

import sqlalchemy as sa
from argon2 import PasswordHasher

from chassis.db import Database
from services.gateway.domain import reasons
from services.gateway.domain.accounts import (
    BAD_ACCOUNT,
    canonical_password,
    canonical_username,
    check_password,
    check_username,
)
from services.gateway.store import accounts, sessions
from services.gateway.store.accounts import Wanted

LEAST_PASSWORD = 8
Row = sa.RowMapping
"""An account as stored."""


def create_account(
    database: Database,
    *,
    username: str,
    password: str,
    staff_id: str,
    now: datetime,
    least_password: int = LEAST_PASSWORD,
    hasher: PasswordHasher | None = None,
) -> None:
    """Add an account, also before anybody can sign in (the first administrator).

    Raises Refused: BAD_ACCOUNT with what is wrong, ACCOUNT_EXISTS. Takes the time of one hash.
    """
    name, secret = canonical_username(username), canonical_password(password)
    violations = check_username(name) + check_password(secret, name, least_password, "password")
    if violations:
        raise BAD_ACCOUNT.refuse(violations=violations)
    password_hash = (hasher or PasswordHasher()).hash(secret)
    add_account(database, name, password_hash, staff_id, now)


def add_account(
    database: Database, username: str, password_hash: str, staff_id: str, now: datetime
) -> None:
    """Add an account whose canonical username and password were checked; raises ACCOUNT_EXISTS."""

    def insert(connection: sa.Connection) -> None:
        if accounts.find(connection, username):
            raise reasons.ACCOUNT_EXISTS.refuse(username=username)
        accounts.insert(connection, username, password_hash, staff_id, now)

    database.run(insert)


def find_account(database: Database, username: str) -> sa.RowMapping | None:
    """Return the account of a username, or None."""
    with database.read() as connection:
        return accounts.find(connection, canonical_username(username))


def list_accounts(
    database: Database, query: str, disabled: bool, after: str, size: int
) -> tuple[list[sa.RowMapping], int]:
    """Return a page of accounts by username, and how many there are.

    Only those whose username or person's id contains `query`; only disabled ones if `disabled`.
    """
    wanted = Wanted(query, disabled)
    with database.read() as connection:
        return accounts.page(connection, wanted, after, size), accounts.count(connection, wanted)


def set_password(database: Database, username: str, password_hash: str, now: datetime) -> None:
    """Replace a password and end the account's sessions; raises NO_SUCH_ACCOUNT."""

    def change(connection: sa.Connection) -> None:
        if not accounts.change(connection, username, password_hash=password_hash):
            raise reasons.NO_SUCH_ACCOUNT.refuse()
        sessions.end_all(connection, username, now, "password")

    database.run(change)


def renew_hash(database: Database, username: str, password_hash: str) -> None:
    """Store the same password under today's hash parameters."""
    database.run(
        lambda connection: accounts.change(connection, username, password_hash=password_hash)
    )


def set_disabled(database: Database, username: str, disabled: bool, now: datetime) -> None:
    """Disable an account, ending its sessions, or enable it; raises NO_SUCH_ACCOUNT."""

    def change(connection: sa.Connection) -> None:
        if not accounts.change(connection, username, disabled_at=now if disabled else None):
            raise reasons.NO_SUCH_ACCOUNT.refuse()
        if disabled:
            sessions.end_all(connection, username, now, "disabled")

    database.run(change)
