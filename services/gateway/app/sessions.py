"""Use cases on sessions: one live refresh token each, and a spent one that comes late ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.db import Database
from services.gateway.domain import reasons
from services.gateway.domain.sessions import Standing, digest, standing_of, successor
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

    A token that was spent a while ago ends its session.
    """
    with database.read() as connection:
        row = sessions.find(connection, digest(token))
    standing = standing_of(row, now) if row is not None else Standing.OVER
    if row is not None and standing is Standing.REUSED:
        session_id = row["session_id"]
        database.run(lambda connection: sessions.end(connection, session_id, now, "reuse"))
    if row is None or standing not in (Standing.LIVE, Standing.REPEATED):
        raise reasons.SESSION_OVER.refuse()
    return Holder(row["username"], row["staff_id"])


def rotate(
    database: Database, *, old: str, salt: str, now: datetime, lifetimes: Lifetimes
) -> tuple[str, datetime]:
    """Spend a refresh token; return the session's live one and when that expires.

    Raises SESSION_OVER. `salt` is random. Of two at once, and of one that is repeated soon, both
    get the same token, so that there are never two lines of tokens of one session.
    """

    def work(connection: sa.Connection) -> tuple[str, datetime] | None:
        token = old
        while row := sessions.find(connection, digest(token)):
            standing = standing_of(row, now)
            if standing is Standing.REUSED:
                sessions.end(connection, row["session_id"], now, "reuse")
                return None
            if standing is Standing.OVER:
                return None
            if standing is Standing.REPEATED:
                token = successor(token, row["successor_salt"] or "")
            elif token != old:
                return token, row["expires_at"]
            elif sessions.use(connection, digest(old), salt, now):
                expires_at: datetime = min(now + lifetimes.refresh, row["ends_at"])
                new = successor(old, salt)
                sessions.add_token(connection, digest(new), row["session_id"], expires_at)
                return new, expires_at
        return None

    live = database.run(work)
    if live is None:
        raise reasons.SESSION_OVER.refuse()
    return live


def end(database: Database, token: str, now: datetime) -> None:
    """End the session of a refresh token; an unknown one changes nothing."""

    def work(connection: sa.Connection) -> None:
        row = sessions.find(connection, digest(token))
        if row is not None:
            sessions.end(connection, row["session_id"], now, "logout")

    database.run(work)
