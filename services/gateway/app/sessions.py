"""Use cases on sessions: a refresh token works once, and one used twice ends its session."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.db import Database
from services.gateway.domain import reasons
from services.gateway.store import sessions


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things last; a session ends after `session`, however often it is refreshed."""

    access: timedelta
    refresh: timedelta
    session: timedelta


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose session a refresh token belongs to."""

    username: str
    staff_id: str


def digest(token: str) -> str:
    """Return what is stored of a token; it has 256 random bits, so a plain hash will do."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(
    database: Database,
    *,
    username: str,
    address: str,
    session_id: str,
    token: str,
    now: datetime,
    lifetimes: Lifetimes,
) -> datetime:
    """Start a session with its first refresh token; return when that expires."""
    expires_at = now + min(lifetimes.refresh, lifetimes.session)

    def work(connection: sa.Connection) -> None:
        sessions.start(connection, session_id, username, address, now, now + lifetimes.session)
        sessions.add_token(connection, digest(token), session_id, expires_at)

    database.run(work)
    return expires_at


def look_up(database: Database, token: str, now: datetime) -> Holder:
    """Return whose token it is, before it is spent; raises SESSION_OVER.

    A token that was used before ends its session: one of the two users stole it.
    """
    with database.read() as connection:
        row = sessions.find(connection, digest(token))
    if row is not None and row["used_at"] is not None:
        session_id = row["session_id"]
        database.run(lambda connection: sessions.end(connection, session_id, now, "reuse"))
    if row is None or not _usable(row, now):
        raise reasons.SESSION_OVER.refuse()
    return Holder(row["username"], row["staff_id"])


def rotate(
    database: Database, *, old: str, new: str, now: datetime, lifetimes: Lifetimes
) -> datetime:
    """Spend a refresh token for a new one; return when that expires. Raises SESSION_OVER.

    Of two at once one wins; the other is a second use and ends the session.
    """

    def work(connection: sa.Connection) -> datetime | None:
        row = sessions.find(connection, digest(old))
        if row is None:
            return None
        if not sessions.use(connection, digest(old), now):
            sessions.end(connection, row["session_id"], now, "reuse")
            return None
        if not _usable(row, now):
            return None
        expires_at: datetime = min(now + lifetimes.refresh, row["ends_at"])
        sessions.add_token(connection, digest(new), row["session_id"], expires_at)
        return expires_at

    expires_at = database.run(work)
    if expires_at is None:
        raise reasons.SESSION_OVER.refuse()
    return expires_at


def end(database: Database, token: str, now: datetime) -> None:
    """End the session of a refresh token; an unknown one changes nothing."""

    def work(connection: sa.Connection) -> None:
        row = sessions.find(connection, digest(token))
        if row is not None:
            sessions.end(connection, row["session_id"], now, "logout")

    database.run(work)


def _usable(row: sa.RowMapping, now: datetime) -> bool:
    return (
        row["used_at"] is None
        and row["ended_at"] is None
        and row["disabled_at"] is None
        and now < row["expires_at"]
        and now < row["ends_at"]
    )
