"""What concerns a person today, as far as ownership knows it."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from chassis import keysets
from chassis.keysets import Total
from chassis.unit import UnitOfWork
from services.ownership.app import rotas
from services.ownership.app.availability import available
from services.ownership.app.holdings import Holding, Wanted, list_holdings
from services.ownership.app.plans import day_begins
from services.ownership.app.queries import Quota, read_quota
from services.ownership.domain.days import end_of
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import disputes, distribution
from services.ownership.store.rotas import open_bans
from services.ownership.store.tables import position as _p

NEAREST = 5


@dataclass(frozen=True, slots=True)
class Duty:
    """A person's place on the rota of this week, 0 for none, and why not today, or ''."""

    rank: int
    reason: str

    @property
    def on_duty(self) -> bool:
        """Whether today."""
        return self.rank > 0 and not self.reason


@dataclass(frozen=True, slots=True)
class Overview:
    """What concerns the caller; None where the caller has no part in it."""

    quota: Quota | None
    due_soon: tuple[list[Holding], Total] | None
    frozen: int
    open_disputes: int
    duty: Duty | None
    awaiting: int | None
    overdue_awaiting: int | None


def may_hold(uow: UnitOfWork) -> bool:
    """Whether the caller may hold customers."""
    return uow.policy(OwnershipPolicy).rules.claim.permission.allows(uow.actor)


def read_overview(uow: UnitOfWork, due_until: date | None) -> Overview:
    """Return what concerns the caller; what is due soon up to the end of a day, if that is told."""
    rules = uow.policy(OwnershipPolicy).rules
    holds = may_hold(uow)
    waiting = overdue = None
    if rules.runs.read.allows(uow.actor):
        waits = sa.select(_p).where(_p.c.location == Location.AWAITING_DISTRIBUTION.value)
        passed = distribution.last_deadline(uow)
        waiting = keysets.count(uow, waits).count
        late = _p.c.arrived_at < day_begins(uow, passed) if passed else sa.false()
        overdue = keysets.count(uow, waits.where(late)).count
    mine = _p.c.holder_id == uow.actor.staff_id
    return Overview(
        quota=read_quota(uow, "me") if holds else None,
        due_soon=_due_soon(uow, due_until) if due_until else None,
        frozen=keysets.count(uow, sa.select(_p).where(mine, _p.c.freeze_count > 0)).count,
        open_disputes=disputes.count_open(uow, uow.actor.staff_id),
        duty=_duty(uow) if holds else None,
        awaiting=waiting,
        overdue_awaiting=overdue,
    )


def _due_soon(uow: UnitOfWork, until: date) -> tuple[list[Holding], Total]:
    moment = end_of(until, uow.policy(OwnershipPolicy).time_zone)
    wanted = Wanted(whose="mine", due_before=moment)
    return list_holdings(uow, wanted, "due_time", descending=False, after=None, limit=NEAREST)


def _duty(uow: UnitOfWork) -> Duty:
    me = uow.actor.staff_id
    receivers = available(uow, uow.today())
    kept = rotas.standing(uow, receivers)
    rank = next((one.rank for one in kept.rota.members if one.staff_id == me), 0)
    reason = receivers.barred.get(me, "")
    if not reason and open_bans(uow, uow.now, me):
        reason = "BANNED"
    if not (rank or reason):
        reason = next((one.reason for one in kept.rota.left_out if one.staff_id == me), "NO_TURN")
    return Duty(rank, reason)
