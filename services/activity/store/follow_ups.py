"""Follow-ups: added, read, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.activity.domain.reasons import FOLLOW_UP_UNKNOWN
from services.activity.domain.validity import Other
from services.activity.store.tables import follow_up as _t
from services.activity.store.tables import follow_up_void as _v

STANDING = _t.c.valid & _v.c.follow_up_id.is_(None)
"""Valid when recorded, and not made void since; on JOINED."""
JOINED = _t.outerjoin(_v, _v.c.follow_up_id == _t.c.follow_up_id)
SELECTED = sa.select(_t, _v.c.reason, _v.c.clause, _v.c.zh, _v.c.en, _v.c.voided_at)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A row of `follow_up`, with what a spot check made of it. Times are UTC."""

    follow_up_id: str
    customer_id: str
    author_id: str
    kind: str
    title: str
    content: str
    happened_at: datetime | None
    recorded_at: datetime
    valid: bool
    reasons: list[dict[str, str]]
    flags: list[dict[str, str]]
    resembles_id: str
    attachments: list[dict[str, Any]]
    place: dict[str, Any]
    policy_version: int
    position: int = 0
    voided_at: datetime | None = None

    @property
    def standing(self) -> bool:
        """Whether it counts now."""
        return self.valid and self.voided_at is None


_EARLIER = _t.alias("earlier")
_REPEATED = (
    sa.select(_EARLIER.c.follow_up_id)
    .where(
        _EARLIER.c.customer_id == sa.bindparam("customer"),
        _EARLIER.c.fingerprint == sa.bindparam("same"),
        _EARLIER.c.fingerprint != "",
    )
    .order_by(_EARLIER.c.position)
    .limit(1)
)
_LATEST = (
    sa.select(_t.c.follow_up_id, _t.c.author_id, _t.c.content)
    .where(_t.c.customer_id == sa.bindparam("customer"))
    .order_by(_t.c.position.desc())
    .limit(sa.bindparam("most"))
)
_BY_ANYBODY = _LATEST.add_columns(_REPEATED.scalar_subquery().label("repeated"))
_BY_AUTHOR = _LATEST.where(_t.c.author_id == sa.bindparam("author")).add_columns(
    _REPEATED.where(_EARLIER.c.author_id == sa.bindparam("author"))
    .scalar_subquery()
    .label("repeated")
)
_BY_ID = SELECTED.select_from(JOINED).where(_t.c.follow_up_id == sa.bindparam("wanted"))


def add(uow: UnitOfWork, found: FollowUp, fingerprint: str) -> None:
    """Add a follow-up."""
    row = {name: getattr(found, name) for name in FollowUp.__slots__}
    for name in ("position", "voided_at"):
        row.pop(name)
    uow.execute(_t.insert(), row | {"fingerprint": fingerprint, "flagged": bool(found.flags)})


def compared(
    uow: UnitOfWork, customer_id: str, fingerprint: str, most: int, author_id: str
) -> tuple[str, list[Other]]:
    """Return the first record of a customer with the same content, or empty, and its latest ones.

    Only those by `author_id`, when it is given.
    """
    values = {"customer": customer_id, "same": fingerprint, "most": max(most, 1)}
    values |= {"author": author_id} if author_id else {}
    rows = uow.execute(_BY_AUTHOR if author_id else _BY_ANYBODY, values).all()
    repeated = (rows[0].repeated or "") if rows else ""
    return repeated, [Other(row.follow_up_id, row.author_id, row.content) for row in rows[:most]]


def get(uow: UnitOfWork, follow_up_id: str) -> FollowUp:
    """Return a follow-up; refused when unknown."""
    row = uow.one(_BY_ID, {"wanted": follow_up_id})
    if row is None:
        raise FOLLOW_UP_UNKNOWN.refuse()
    return from_row(row)


def from_row(row: sa.RowMapping) -> FollowUp:
    """Read a row of SELECTED; what made it void is the last of its reasons."""
    values = {name: row[name] for name in FollowUp.__slots__}
    if row["voided_at"]:
        void = {name: row[name] for name in ("reason", "clause", "zh", "en")}
        values["reasons"] = [*row["reasons"], {"field": "", **void}]
    return FollowUp(**values)
