"""Signings, disputes and rulings: read, added, moved on by conditional updates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.store.dispute_tables import dispute as _t
from services.ownership.store.dispute_tables import dispute_party as _p
from services.ownership.store.dispute_tables import ruling as _r
from services.ownership.store.dispute_tables import signing as _s

AGAIN = timedelta(minutes=1)
"""After this long the evidence of a dispute is gathered again, where that broke off."""


@dataclass(frozen=True, slots=True)
class Signing:
    """A signing, and the original rep: who held the customer when it was announced, or ''."""

    signing_id: str
    customer_id: str
    full_name: str
    staff_id: str
    holder_id: str
    sign_date: date
    amount_cents: int
    countered: bool
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute. `about` is what there is one dispute about at a time; times are UTC."""

    dispute_id: str
    kind: str
    about: str
    customer_id: str
    other_customer_id: str
    full_name: str
    claimant_id: str
    holder_id: str
    signing_id: str
    appeal_of: str
    state: str
    note: str
    evidence: dict[str, Any]
    proposal: dict[str, Any]
    case_id: str
    reason: str
    next_at: datetime
    opened_at: datetime
    changed_at: datetime

    @property
    def customers(self) -> list[str]:
        """The customers it is about."""
        return [one for one in (self.customer_id, self.other_customer_id) if one]


def add_signing(uow: UnitOfWork, found: Signing) -> None:
    """Keep a signing."""
    uow.execute(_s.insert(), {name: getattr(found, name) for name in Signing.__slots__})


def find_signing(uow: UnitOfWork, signing_id: str) -> Signing | None:
    """Return a signing."""
    row = uow.one(sa.select(_s).where(_s.c.signing_id == signing_id))
    return Signing(**row) if row else None


def mark_countered(uow: UnitOfWork, signing_id: str) -> None:
    """Note that a signing was taken back."""
    uow.execute(_s.update().where(_s.c.signing_id == signing_id).values(countered=True))


def add(uow: UnitOfWork, found: Dispute, parties: Iterable[str]) -> None:
    """Add a dispute with the people it concerns."""
    uow.execute(_t.insert(), {name: getattr(found, name) for name in Dispute.__slots__})
    rows = [{"dispute_id": found.dispute_id, "staff_id": who} for who in sorted(set(parties))]
    if rows:
        uow.execute(_p.insert(), rows)


def find(uow: UnitOfWork, dispute_id: str) -> Dispute | None:
    """Return a dispute."""
    row = uow.one(sa.select(_t).where(_t.c.dispute_id == dispute_id))
    return Dispute(**row) if row else None


def lock(uow: UnitOfWork, dispute_id: str) -> Dispute | None:
    """Return a dispute that nobody else changes until this transaction ends."""
    row = uow.one(sa.select(_t).where(_t.c.dispute_id == dispute_id).with_for_update())
    return Dispute(**row) if row else None


def about(uow: UnitOfWork, kind: str, subject: str) -> list[Dispute]:
    """Return all disputes of a kind about the same thing, oldest first."""
    same = sa.select(_t).where(_t.c.kind == kind, _t.c.about == subject)
    return [Dispute(**row) for row in uow.execute(same.order_by(_t.c.opened_at)).mappings()]


def change(uow: UnitOfWork, found: Dispute, **values: Any) -> bool:
    """Change a dispute that is still in the state that was seen; False when it moved on."""
    same = (_t.c.dispute_id == found.dispute_id) & (_t.c.state == found.state)
    moved = _t.update().where(same).values(**values, changed_at=uow.now)
    return uow.execute(moved).rowcount == 1


def take_gathering(uow: UnitOfWork, limit: int) -> list[Dispute]:
    """Return disputes whose evidence is due to be gathered, and set them aside for a while."""
    due = (_t.c.state == "gathering") & (_t.c.next_at <= uow.now)
    listed = sa.select(_t).where(due).order_by(_t.c.next_at, _t.c.dispute_id).limit(limit)
    found = [Dispute(**row) for row in uow.execute(listed).mappings()]
    taken = []
    for one in found:
        mine = _t.update().where(due, _t.c.dispute_id == one.dispute_id)
        if uow.execute(mine.values(next_at=uow.now + AGAIN)).rowcount == 1:
            taken.append(one)
    return taken


def parties(uow: UnitOfWork, dispute_ids: list[str]) -> dict[str, list[str]]:
    """Return the people whom each of the disputes concerns."""
    found: dict[str, list[str]] = {dispute_id: [] for dispute_id in dispute_ids}
    listed = sa.select(_p).where(_p.c.dispute_id.in_(dispute_ids)).order_by(_p.c.staff_id)
    for row in uow.execute(listed).mappings():
        found[row["dispute_id"]].append(row["staff_id"])
    return found


def count_open(uow: UnitOfWork, party_id: str) -> int:
    """Count the disputes of a party that are not ended."""
    mine = sa.select(_p.c.dispute_id).where(_p.c.staff_id == party_id)
    counted = sa.select(sa.func.count()).select_from(_t)
    counted = counted.where(_t.c.dispute_id.in_(mine), _t.c.state.in_(("gathering", "proposed")))
    count: int = uow.execute(counted).scalar_one()
    return count


def add_ruling(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """Keep a ruling."""
    uow.execute(_r.insert(), row)


def rulings(uow: UnitOfWork, dispute_ids: list[str]) -> dict[str, sa.RowMapping]:
    """Return the rulings of disputes, by dispute id."""
    listed = sa.select(_r).where(_r.c.dispute_id.in_(dispute_ids))
    return {row["dispute_id"]: row for row in uow.execute(listed).mappings()}
