"""Who holds each customer, its name, and who people are, as other services announced it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.activity.store.tables import colleague, custody, summary


@dataclass(frozen=True, slots=True)
class Known:
    """A customer, as far as it was announced; empty where it was not."""

    full_name: str
    category: str
    holder_id: str


_KNOWN = (
    sa.select(summary.c.full_name, summary.c.category, custody.c.holder_id)
    .select_from(summary.outerjoin(custody, custody.c.customer_id == summary.c.customer_id))
    .where(summary.c.customer_id == sa.bindparam("wanted"))
)
_HOLDER = sa.select(custody.c.holder_id).where(custody.c.customer_id == sa.bindparam("wanted"))
_COLLEAGUE = sa.select(colleague).where(colleague.c.staff_id == sa.bindparam("wanted"))


def find(uow: UnitOfWork, customer_id: str) -> Known | None:
    """Return what is known of a customer."""
    row = uow.one(_KNOWN, {"wanted": customer_id})
    return Known(row["full_name"], row["category"], row["holder_id"] or "") if row else None


def holder_of(uow: UnitOfWork, customer_id: str) -> str:
    """Return who holds a customer; empty when nobody does, or it was not announced yet."""
    row = uow.one(_HOLDER, {"wanted": customer_id})
    return row["holder_id"] if row else ""


def find_colleague(uow: UnitOfWork, staff_id: str) -> sa.RowMapping | None:
    """Return a person's name, department and team."""
    return uow.one(_COLLEAGUE, {"wanted": staff_id})


def follow(
    uow: UnitOfWork,
    customer_id: str,
    location: str,
    holder_id: str,
    held_since: datetime | None,
    sequence: int,
) -> None:
    """Take over a newer announcement of ownership; an older one changes nothing."""
    row = {
        "customer_id": customer_id,
        "location": location,
        "holder_id": holder_id,
        "held_since": held_since,
    }
    _upsert(uow, custody, "customer_id", row | {"sequence": sequence})


def follow_summary(
    uow: UnitOfWork, customer_id: str, full_name: str, category: str, sequence: int
) -> None:
    """Take over a newer name and category."""
    row = {"customer_id": customer_id, "full_name": full_name, "category": category}
    _upsert(uow, summary, "customer_id", row | {"sequence": sequence})


def follow_colleague(
    uow: UnitOfWork, staff_id: str, name: str, department: str, team: str, sequence: int
) -> None:
    """Take over a person's newer name, department and team."""
    row = {"staff_id": staff_id, "display_name": name, "department": department, "team": team}
    _upsert(uow, colleague, "staff_id", row | {"sequence": sequence})


def _upsert(uow: UnitOfWork, table: sa.Table, key: str, row: dict[str, Any]) -> None:
    insert = upsert(uow.connection.dialect.name, table).values(**row)
    newer = {name: insert.excluded[name] for name in row if name != key}
    uow.execute(
        insert.on_conflict_do_update(
            index_elements=[key], set_=newer, where=table.c.sequence < insert.excluded.sequence
        )
    )
