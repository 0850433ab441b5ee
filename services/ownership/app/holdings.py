"""Lists of what lies in libraries, across holders, as far as the caller may look."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from chassis import keysets
from chassis.kernel import Identity
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.rules import Scope
from chassis.unit import UnitOfWork
from services.ownership.domain.days import end_of
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reclaim import by_time
from services.ownership.domain.run_policy import ReclaimRules
from services.ownership.store import deadlines, people, positions
from services.ownership.store.people import Colleague
from services.ownership.store.positions import Position
from services.ownership.store.tables import position as _p
from services.ownership.store.tables import staff as _s

Whose = Literal["mine", "team", "department", "company"]
Sorting = Literal["protect_time", "due_time", "basis_time", "name"]
_WIDTH = {"mine": 0, "team": 1, "department": 2, "company": 3}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which holdings; what is empty or None does not matter. `whose` None is as far as may be."""

    whose: Whose | None = None
    holder_id: str = ""
    department: str = ""
    team: str = ""
    query: str = ""
    category: str = ""
    frozen: bool | None = None
    exempt: bool | None = None
    in_case: bool | None = None
    due_before: datetime | None = None
    due_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A customer in a library, its holder, and what it is found again by in its list."""

    position: Position
    holder: Colleague
    keys: Keys

    @property
    def followed_up_at(self) -> datetime | None:
        """The follow-up that the deadline counts from; None when it counts from the protection."""
        basis, protected = self.position.due_basis_at, self.position.protected_at
        return basis if basis and protected and basis > protected else None


def list_holdings(
    uow: UnitOfWork,
    wanted: Wanted,
    order: Sorting,
    *,
    descending: bool,
    after: list[Any] | None,
    limit: int,
) -> tuple[list[Holding], Total]:
    """Return a page of holdings and how many there are altogether.

    Everybody reads their own, others those that policy lets them read; asking for a wider circle
    than that is refused.
    """
    rules = uow.policy(OwnershipPolicy).rules.reclaim
    held = sa.select(_p).where(_p.c.holder_id.is_not(None), *_filters(uow, wanted, rules))
    if holders := [*visible(uow, wanted.whose), *_places(wanted)]:
        held = held.where(_p.c.holder_id.in_(sa.select(_s.c.staff_id).where(*holders)))
    named = held.add_columns(*people.columns(_s)).join(_s, _s.c.staff_id == _p.c.holder_id)
    found = keysets.read(uow, named, _order(order, rules, descending), after, limit)
    holdings = [
        Holding(positions.of(row), people.colleague(row), keysets.keys(row)) for row in found
    ]
    return holdings, keysets.count(uow, held)


def visible(uow: UnitOfWork, whose: Whose | None) -> list[sa.ColumnElement[bool]]:
    """Return whose libraries are meant, as conditions on holders (`staff`); refused beyond reach.

    None means as far as the caller may look.
    """
    readers = uow.policy(OwnershipPolicy).rules.library.readers
    widest = _widest(readers.reach(uow.actor), uow.actor)
    whose = whose or widest
    if _WIDTH[whose] > _WIDTH[widest]:
        raise readers.refusal()
    me = uow.actor
    if whose == "company":
        return []
    if whose == "mine":
        return [_s.c.staff_id == me.staff_id]
    mine_too = _s.c.department == me.department
    return [mine_too] if whose == "department" else [mine_too, _s.c.team == me.team]


def _widest(reach: Scope | None, actor: Identity) -> Whose:
    """Return the widest circle whose libraries somebody may read; nobody's department is ''."""
    if reach == "company":
        return "company"
    if reach is None or not actor.department or (reach == "team" and not actor.team):
        return "mine"
    return reach


def _places(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    places = ((_s.c.department, wanted.department), (_s.c.team, wanted.team))
    return [column == text for column, text in places if text]


def _filters(uow: UnitOfWork, wanted: Wanted, rules: ReclaimRules) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.holder_id:
        who = uow.actor.staff_id if wanted.holder_id == "me" else wanted.holder_id
        conditions.append(_p.c.holder_id == who)
    if wanted.query:
        conditions.append(_p.c.full_name.icontains(wanted.query, autoescape=True))
    if wanted.category:
        conditions.append(_p.c.category == wanted.category)
    for wish, said in (
        (wanted.frozen, _p.c.freeze_count > 0),
        (wanted.exempt, _exempt(rules)),
        (wanted.in_case, _p.c.case_id.is_not(None)),
    ):
        if wish is not None:
            conditions.append(said if wish else ~said)
    limits = [wanted.due_before] if wanted.due_before else []
    if wanted.due_within_days is not None:
        last = uow.today() + timedelta(days=wanted.due_within_days)
        limits.append(end_of(last, uow.policy(OwnershipPolicy).time_zone))
    if limits:
        conditions += [deadlines.shown(rules), _p.c.due_at <= min(limits)]
    return conditions


def _exempt(rules: ReclaimRules) -> sa.ColumnElement[bool]:
    if not by_time(rules):
        return sa.true()
    return _p.c.category.in_(rules.exclude_categories.value)


def _order(order: Sorting, rules: ReclaimRules, descending: bool) -> Order:
    tie = _p.c.customer_id
    if order == "due_time":
        return Order((_p.c.due_at, tie), descending, deadlines.shown(rules))
    if order == "basis_time":
        return Order((_p.c.due_basis_at, tie), descending, _p.c.due_basis_at.is_not(None))
    column = _p.c.full_name if order == "name" else _p.c.protected_at
    return Order((column, tie), descending)
