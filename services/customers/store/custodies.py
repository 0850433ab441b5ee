"""Who holds each customer, as ownership announced it: decides what this service shows to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.customers.domain.sight import Sight
from services.customers.store.tables import colleague, custody


@dataclass(frozen=True, slots=True)
class Custody:
    """Where a customer is, and its holder with department and team."""

    location: str
    holder_id: str
    department: str
    team: str


_OF_DEPARTMENT = colleague.c.department == sa.bindparam("department")
_OF_TEAM = _OF_DEPARTMENT & (colleague.c.team == sa.bindparam("team")) & (colleague.c.team != "")

NOWHERE = Custody("", "", "", "")

PUBLIC_POOL = "public_pool"

JOINED = custody.outerjoin(colleague, colleague.c.staff_id == custody.c.holder_id)


def find(uow: UnitOfWork, customer_id: str) -> Custody:
    """Return a customer's custody; NOWHERE until ownership has announced one."""
    return find_all(uow, [customer_id]).get(customer_id, NOWHERE)


def find_all(uow: UnitOfWork, customer_ids: list[str]) -> dict[str, Custody]:
    """Return the custody of several customers."""
    if not customer_ids:
        return {}
    listed = (
        sa.select(custody, colleague.c.department, colleague.c.team)
        .select_from(JOINED)
        .where(custody.c.customer_id.in_(customer_ids))
    )
    return {row["customer_id"]: custody_from(row) for row in uow.execute(listed).mappings()}


def custody_from(row: sa.RowMapping | Any) -> Custody:
    """Read a joined row."""
    return Custody(
        row["location"] or "",
        row["holder_id"] or "",
        row["department"] or "",
        row["team"] or "",
    )


def visible(sight: Sight) -> sa.ColumnElement[bool]:
    """The condition on a row of `JOINED` that `me`, of `department` and `team`, sees a customer.

    The three are parameters of the statement.
    """
    if sight.everything:
        return sa.true()
    conditions = [custody.c.holder_id == sa.bindparam("me")]
    if sight.department:
        conditions.append(_OF_DEPARTMENT)
    if sight.team:
        conditions.append(_OF_TEAM)
    if sight.pool:
        conditions.append(custody.c.location == PUBLIC_POOL)
    return sa.or_(*conditions)


def follow(uow: UnitOfWork, customer_id: str, location: str, holder_id: str, sequence: int) -> None:
    """Take over a newer announcement; an older one changes nothing."""
    row = {"customer_id": customer_id, "location": location, "holder_id": holder_id}
    _upsert(uow, custody, "customer_id", row | {"sequence": sequence})


def expect(uow: UnitOfWork, customer_ids: Iterable[str], location: str) -> None:
    """Note where new customers are, until ownership announces it."""
    rows = [
        {"customer_id": customer_id, "location": location, "holder_id": "", "sequence": 0}
        for customer_id in customer_ids
    ]
    uow.execute(custody.insert(), rows)


def follow_colleague(
    uow: UnitOfWork, staff_id: str, department: str, team: str, sequence: int
) -> None:
    """Take over a person's newer department and team."""
    row = {"staff_id": staff_id, "department": department, "team": team}
    _upsert(uow, colleague, "staff_id", row | {"sequence": sequence})


def _upsert(uow: UnitOfWork, table: sa.Table, key: str, row: dict[str, Any]) -> None:
    insert = upsert(uow.connection.dialect.name, table).values(**row)
    newer = {name: insert.excluded[name] for name in row if name != key}
    uow.execute(
        insert.on_conflict_do_update(
            index_elements=[key], set_=newer, where=table.c.sequence < insert.excluded.sequence
        )
    )
