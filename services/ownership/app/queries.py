"""What people may look at: libraries, quotas, history, statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from chassis.rules import Rule
from chassis.unit import UnitOfWork
from services.ownership.app.grants import position_of
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import limit_for
from services.ownership.domain.reasons import STAFF_UNKNOWN
from services.ownership.domain.reclaim import reclaimable
from services.ownership.store import deadlines, positions, quotas
from services.ownership.store.positions import Position
from services.ownership.store.tables import position as _p
from services.ownership.store.tables import position_change as _c
from services.ownership.store.tables import release as _r
from services.ownership.store.tables import staff as _s

NO_DEADLINE = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Quota:
    """A person's quota: `left` is never negative."""

    staff_id: str
    limit: int
    used: int
    reserved: int
    uncounted: int
    rule: Rule

    @property
    def left(self) -> int:
        """Slots free."""
        return max(self.limit - self.used - self.reserved, 0)


def read_quota(uow: UnitOfWork, staff_id: str) -> Quota:
    """Return a person's quota; people read their own, library readers also others'."""
    who = uow.actor.staff_id if staff_id == "me" else staff_id
    _require_reader(uow, who)
    found = quotas_of(uow, [who])
    if who not in found:
        raise STAFF_UNKNOWN.refuse()
    return found[who]


def quotas_of(uow: UnitOfWork, staff_ids: Sequence[str]) -> dict[str, Quota]:
    """Return the quotas of people by staff id, without the unknown; who may ask is not checked."""
    rules = uow.policy(OwnershipPolicy).rules.quota
    people = quotas.read_people(uow, staff_ids)
    counters = quotas.read_counters(uow, staff_ids)
    uncounted = positions.count_uncounted(uow, staff_ids)
    found = {}
    for who, person in people.items():
        limit = limit_for(person, uow.today(), rules)
        used, held = counters.get(who, (0, 0))
        found[who] = Quota(who, limit.count, used, held, uncounted.get(who, 0), limit.rule)
    return found


def list_library(
    uow: UnitOfWork, staff_id: str, by_due: bool, after: list[Any] | None, limit: int
) -> list[Position]:
    """Return what a person holds; the holder's own eyes and the readers that policy names.

    By protection, or by the deadline that is shown, those without one last.
    """
    who = uow.actor.staff_id if staff_id == "me" else staff_id
    _require_reader(uow, who)
    order: sa.ColumnElement[Any] = _p.c.protected_at
    if by_due:
        rules = uow.policy(OwnershipPolicy).rules.reclaim
        order = sa.case(
            (deadlines.shown(rules), _p.c.due_at),
            else_=sa.literal(NO_DEADLINE, _p.c.due_at.type),
        )
    return _page(uow, _p.c.holder_id == who, order, after, limit)


def library_key(uow: UnitOfWork, position: Position) -> datetime:
    """Return by what a library ordered by deadline orders a position."""
    return reclaimable(position, uow.policy(OwnershipPolicy).rules.reclaim) or NO_DEADLINE


def visible_position(uow: UnitOfWork, customer_id: str) -> Position:
    """Return where a customer is, or refuse someone who may not know."""
    policy = uow.policy(OwnershipPolicy).rules
    position = position_of(uow, customer_id)
    if position.location == Location.PUBLIC_POOL:
        policy.pool.list.require(uow.actor)
    elif position.holder_id:
        _require_reader(uow, position.holder_id)
    else:
        policy.library.readers.require(uow.actor)
    return position


def list_changes(uow: UnitOfWork, customer_id: str, after: int, limit: int) -> list[sa.RowMapping]:
    """Return a customer's moves, oldest first, to its holder and to readers of libraries."""
    position = position_of(uow, customer_id)
    if position.holder_id:
        _require_reader(uow, position.holder_id)
    else:
        uow.policy(OwnershipPolicy).rules.library.readers.require(uow.actor)
    listed = (
        sa.select(_c)
        .where(_c.c.customer_id == customer_id, _c.c.change > after)
        .order_by(_c.c.change)
        .limit(limit)
    )
    return list(uow.execute(listed).mappings())


def list_released(
    uow: UnitOfWork, customer_id: str, after: str, limit: int
) -> list[tuple[str, str, list[sa.RowMapping]]]:
    """Return released customers as (id, name, releases oldest first), by customer id."""
    uow.policy(OwnershipPolicy).rules.release.statistics.require(uow.actor)
    which = (
        sa.select(_r.c.customer_id)
        .where(_r.c.customer_id > after)
        .distinct()
        .order_by(_r.c.customer_id)
        .limit(limit)
    )
    if customer_id:
        which = which.where(_r.c.customer_id == customer_id)
    listed = (
        sa.select(_r, _s.c.display_name, _p.c.full_name)
        .join(_s, _s.c.staff_id == _r.c.staff_id)
        .join(_p, _p.c.customer_id == _r.c.customer_id)
        .where(_r.c.customer_id.in_(which))
        .order_by(_r.c.customer_id, _r.c.release)
    )
    found: dict[str, list[sa.RowMapping]] = {}
    for row in uow.execute(listed).mappings():
        found.setdefault(row["customer_id"], []).append(row)
    return [(key, rows[0]["full_name"], rows) for key, rows in found.items()]


def _require_reader(uow: UnitOfWork, staff_id: str) -> None:
    """Refuse unless the caller is that person or a reader of that person's library."""
    if staff_id == uow.actor.staff_id:
        return
    readers = uow.policy(OwnershipPolicy).rules.library.readers
    row = uow.one(sa.select(_s.c.department, _s.c.team).where(_s.c.staff_id == staff_id))
    readers.require(uow.actor, *((row["department"], row["team"]) if row else ("", "")))


def _page(
    uow: UnitOfWork,
    condition: sa.ColumnElement[bool],
    order: sa.ColumnElement[Any],
    after: list[Any] | None,
    limit: int,
) -> list[Position]:
    listed = sa.select(_p).where(condition).order_by(order, _p.c.customer_id).limit(limit)
    if after:
        moment = sa.literal(datetime.fromisoformat(after[0]), order.type)
        listed = listed.where(sa.tuple_(order, _p.c.customer_id) > sa.tuple_(moment, after[1]))
    return [Position(**row) for row in uow.execute(listed).mappings()]
