"""Use cases on uploads. One function, one transaction."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.db import Database
from services.gateway.domain import reasons
from services.gateway.store import uploads

WINDOW = timedelta(days=1)
"""The time over which what a person sends is added up."""


def require_room(database: Database, staff_id: str, now: datetime, most_bytes: int) -> None:
    """Raise UPLOADS_USED_UP when a person has sent enough for a day."""
    with database.read() as connection:
        used = uploads.sent_since(connection, staff_id, now - WINDOW)
    if used >= most_bytes:
        raise reasons.UPLOADS_USED_UP.refuse(most_bytes=most_bytes, used_bytes=used)


def enter(
    database: Database,
    *,
    attachment_id: str,
    staff_id: str,
    sha256: str,
    sent_bytes: int,
    now: datetime,
) -> None:
    """Remember an upload before its files are kept, so that no file is ever kept unknown."""
    database.run(
        lambda connection: uploads.insert(
            connection, attachment_id, staff_id, sha256, sent_bytes, now
        )
    )


def find_not_kept(database: Database, before: datetime, most: int) -> list[sa.RowMapping]:
    """Return the oldest uploads before a moment that are not known to be needed."""
    with database.read() as connection:
        return uploads.not_kept(connection, before, most)


def keep(database: Database, attachment_ids: Collection[str], now: datetime) -> None:
    """Mark uploads as needed for good."""
    database.run(lambda connection: uploads.keep(connection, attachment_ids, now))


def forget(database: Database, attachment_ids: Collection[str]) -> None:
    """Forget uploads whose files are gone."""
    database.run(lambda connection: uploads.delete(connection, attachment_ids))
