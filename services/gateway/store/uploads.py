"""Statements on uploads."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from services.gateway.store.tables import upload


def insert(
    connection: sa.Connection,
    attachment_id: str,
    uploader_id: str,
    sha256: str,
    sent_bytes: int,
    now: datetime,
) -> None:
    """Add an upload."""
    connection.execute(
        upload.insert(),
        {
            "attachment_id": attachment_id,
            "uploader_id": uploader_id,
            "sha256": sha256,
            "sent_bytes": sent_bytes,
            "uploaded_at": now,
        },
    )


def sent_since(connection: sa.Connection, uploader_id: str, moment: datetime) -> int:
    """Return how many bytes a person has sent since a moment."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(upload.c.sent_bytes), 0)).where(
        upload.c.uploader_id == uploader_id, upload.c.uploaded_at > moment
    )
    return int(connection.execute(statement).scalar_one())


def not_kept(connection: sa.Connection, before: datetime, most: int) -> list[sa.RowMapping]:
    """Return the oldest uploads before a moment that nothing is known to need."""
    statement = (
        sa.select(upload)
        .where(upload.c.kept_at.is_(None), upload.c.uploaded_at < before)
        .order_by(upload.c.uploaded_at, upload.c.attachment_id)
        .limit(most)
    )
    return list(connection.execute(statement).mappings())


def keep(connection: sa.Connection, attachment_ids: Collection[str], now: datetime) -> None:
    """Mark uploads as needed for good."""
    connection.execute(
        upload.update().where(upload.c.attachment_id.in_(attachment_ids)).values(kept_at=now)
    )


def delete(connection: sa.Connection, attachment_ids: Collection[str]) -> None:
    """Forget uploads, unless they are needed."""
    connection.execute(
        upload.delete().where(
            upload.c.attachment_id.in_(attachment_ids), upload.c.kept_at.is_(None)
        )
    )
