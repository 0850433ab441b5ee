"""Which files show which follow-up: added, asked about, never changed."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.activity.store.tables import attachment as _t
from services.activity.store.tables import follow_up as _f


def add(uow: UnitOfWork, follow_up_id: str, attachments: Collection[dict[str, Any]]) -> None:
    """Remember the files of a follow-up."""
    rows = [
        {
            "attachment_id": file["attachment_id"],
            "follow_up_id": follow_up_id,
            "original_sha256": file["original_sha256"],
        }
        for file in attachments
    ]
    if rows:
        uow.execute(_t.insert(), rows)


def shown_before(
    uow: UnitOfWork, customer_id: str, author_id: str, hashes: Collection[str]
) -> dict[str, str]:
    """Return, of files with these hashes, the first follow-up that each showed.

    What the author recorded of the same customer and did not count does not matter: whoever
    completes a record shows the same photo again.
    """
    if not hashes:
        return {}
    own_attempt = (_f.c.customer_id == customer_id) & (_f.c.author_id == author_id) & ~_f.c.valid
    found = (
        sa.select(_t.c.original_sha256, _t.c.follow_up_id)
        .join(_f, _f.c.follow_up_id == _t.c.follow_up_id)
        .where(_t.c.original_sha256.in_(hashes), ~own_attempt)
        .order_by(_t.c.position.desc())
    )
    return {row.original_sha256: row.follow_up_id for row in uow.execute(found)}


def used(uow: UnitOfWork, attachment_ids: Collection[str]) -> list[str]:
    """Return which of these files show a follow-up, each once, in order."""
    found = sa.select(_t.c.attachment_id).where(_t.c.attachment_id.in_(attachment_ids))
    return list(uow.execute(found.distinct().order_by(_t.c.attachment_id)).scalars())
