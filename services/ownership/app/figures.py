"""Figures for plots: how full libraries are, what moves by week, where customers are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.unit import UnitOfWork
from services.ownership.app.availability import available
from services.ownership.app.holdings import Whose, visible
from services.ownership.app.queries import Quota, quotas_of
from services.ownership.domain.days import start_of
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.rota import week_of
from services.ownership.store import people
from services.ownership.store.people import Colleague
from services.ownership.store.tables import position as _p
from services.ownership.store.tables import position_change as _c
from services.ownership.store.tables import quota_counter as _q
from services.ownership.store.tables import staff as _s


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a person's library is."""

    holder: Colleague
    quota: Quota
    keys: Keys


@dataclass(frozen=True, slots=True)
class Count:
    """How many customers of a category are somewhere, and how many of them frozen."""

    location: str
    category: str
    customers: int
    frozen: int


def library_fills(
    uow: UnitOfWork,
    whose: Whose | None,
    department: str,
    team: str,
    after: list[Any] | None,
    limit: int,
) -> tuple[list[Fill], Total]:
    """Return a page of the libraries of those who may hold customers, the fullest first."""
    reps = list(available(uow, uow.today()).people)
    listed = (
        sa.select(*people.columns(_s))
        .join(_q, _q.c.staff_id == _s.c.staff_id)
        .where(*visible(uow, whose), _s.c.staff_id.in_(reps))
        .where((_s.c.state == "active") | (_q.c.used > 0))
    )
    for column, text in ((_s.c.department, department), (_s.c.team, team)):
        if text:
            listed = listed.where(column == text)
    order = Order((_q.c.used, _s.c.staff_id), descending=True)
    rows = keysets.read(uow, listed, order, after, limit)
    holders = [(people.colleague(row), keysets.keys(row)) for row in rows]
    quotas = quotas_of(uow, [holder.staff_id for holder, _ in holders])
    fills = [Fill(holder, quotas[holder.staff_id], keys) for holder, keys in holders]
    return fills, keysets.count(uow, listed)


def weekly_moves(
    uow: UnitOfWork, whose: Whose | None, last: date | None, weeks: int
) -> dict[date, Mapping[str, int]]:
    """Count moves by manner for so many weeks up to that of `last` (None: today), by Monday.

    For those who may hold customers or look into libraries; others are refused.
    """
    rules = uow.policy(OwnershipPolicy).rules
    if not (rules.claim.permission.allows(uow.actor) or rules.library.readers.reach(uow.actor)):
        raise rules.library.readers.refusal()
    end = week_of(last or uow.today()) + timedelta(days=7)
    mondays = [end - timedelta(weeks=number) for number in range(weeks, -1, -1)]
    zone = uow.policy(OwnershipPolicy).time_zone
    begins = [start_of(monday, zone) for monday in mondays]
    week = sa.case(*((_c.c.changed_at < until, n) for n, until in enumerate(begins[1:])))
    within = (_c.c.changed_at >= begins[0]) & (_c.c.changed_at < begins[-1])
    moved = sa.select(week.label("week"), _c.c.manner).where(within)
    if conditions := visible(uow, whose):
        mover = sa.case((_c.c.to_holder_id != "", _c.c.to_holder_id), else_=_c.c.from_holder_id)
        moved = moved.where(mover.in_(sa.select(_s.c.staff_id).where(*conditions)))
    _m = moved.subquery().c
    counted = sa.select(_m.week, _m.manner, sa.func.count().label("moves"))
    found: dict[date, dict[str, int]] = {monday: {} for monday in mondays[:-1]}
    for row in uow.execute(counted.group_by(_m.week, _m.manner).order_by(_m.week, _m.manner)):
        found[mondays[row.week]][row.manner] = row.moves
    return dict(found)


def customer_counts(uow: UnitOfWork, whose: Whose | None) -> list[Count]:
    """Count customers by place and category: in libraries within the circle, elsewhere as allowed.

    The pool is for whoever may list it, the waiting for whoever sees runs.
    """
    rules = uow.policy(OwnershipPolicy).rules
    places = [
        place.value
        for place, allowed in (
            (Location.PUBLIC_POOL, rules.pool.list.allows(uow.actor)),
            (Location.AWAITING_DISTRIBUTION, rules.runs.read.allows(uow.actor)),
        )
        if allowed
    ]
    held = _p.c.location == Location.PRIVATE_LIBRARY.value
    if conditions := visible(uow, whose):
        held &= _p.c.holder_id.in_(sa.select(_s.c.staff_id).where(*conditions))
    frozen = sa.func.sum(sa.case((_p.c.freeze_count > 0, 1), else_=0)).label("frozen")
    counted = (
        sa.select(_p.c.location, _p.c.category, sa.func.count().label("customers"), frozen)
        .where(held | _p.c.location.in_(places))
        .group_by(_p.c.location, _p.c.category)
        .order_by(_p.c.location, _p.c.category)
    )
    return [Count(**row) for row in uow.execute(counted).mappings()]
