"""Statements on sessions and refresh tokens."""

from datetime import datetime

import sqlalchemy as sa

from services.gateway.store.tables import account, refresh_token, session


def start(
    connection: sa.Connection,
    session_id: str,
    username: str,
    address: str,
    now: datetime,
    ends_at: datetime,
) -> None:
    """Add a session, and forget those of the same account whose time is over."""
    connection.execute(
        session.delete().where(session.c.username == username, session.c.ends_at <= now)
    )
    connection.execute(
        session.insert(),
        {
            "session_id": session_id,
            "username": username,
            "address": address[:64],
            "started_at": now,
            "ends_at": ends_at,
        },
    )


def add_token(
    connection: sa.Connection, token_hash: str, session_id: str, expires_at: datetime
) -> None:
    """Add a refresh token to a session."""
    connection.execute(
        refresh_token.insert(),
        {"token_hash": token_hash, "session_id": session_id, "expires_at": expires_at},
    )


def find(connection: sa.Connection, token_hash: str) -> sa.RowMapping | None:
    """Return the token with its session and account, or None."""
    statement = (
        sa.select(
            refresh_token.c.expires_at,
            refresh_token.c.used_at,
            refresh_token.c.successor_salt,
            session.c.session_id,
            session.c.username,
            session.c.ends_at,
            session.c.ended_at,
            account.c.staff_id,
            account.c.disabled_at,
        )
        .join(session, session.c.session_id == refresh_token.c.session_id)
        .join(account, account.c.username == session.c.username)
        .where(refresh_token.c.token_hash == token_hash)
    )
    return connection.execute(statement).mappings().first()


def use(connection: sa.Connection, token_hash: str, salt: str, now: datetime) -> bool:
    """Mark a token as used, keeping what makes its successor; False when it was used before."""
    statement = (
        refresh_token.update()
        .where(refresh_token.c.token_hash == token_hash, refresh_token.c.used_at.is_(None))
        .values(used_at=now, successor_salt=salt)
    )
    return connection.execute(statement).rowcount == 1


def end(connection: sa.Connection, session_id: str, now: datetime, reason: str) -> None:
    """End a session that has not ended yet."""
    connection.execute(
        session.update()
        .where(session.c.session_id == session_id, session.c.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
    )


def end_all(connection: sa.Connection, username: str, now: datetime, reason: str) -> None:
    """End every session of an account."""
    connection.execute(
        session.update()
        .where(session.c.username == username, session.c.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
    )
