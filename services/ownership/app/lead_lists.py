"""Leads as people may read them: their own to everybody, all to those whom policy names."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.keysets import Order, Total
from chassis.unit import UnitOfWork
from services.ownership.domain.days import end_of, start_of
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import LEAD_UNKNOWN
from services.ownership.store.lead_tables import lead as _t


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads; what is empty does not matter. The newest first unless said otherwise."""

    staff_id: str = ""
    kind: str = ""
    route: str = ""
    first: date | None = None
    last: date | None = None
    query: str = ""
    skipping: bool = False
    oldest_first: bool = False


def read_lead(uow: UnitOfWork, lead_id: str) -> sa.RowMapping:
    """Return a lead to the person it went to, and to those whom policy names."""
    row = uow.one(sa.select(_t).where(_t.c.lead_id == lead_id))
    if row is None or (row["staff_id"] != uow.actor.staff_id and not _reads_all(uow)):
        raise LEAD_UNKNOWN.refuse()
    return row


def list_leads(
    uow: UnitOfWork, wanted: Wanted, after: list[Any] | None, limit: int
) -> tuple[list[sa.RowMapping], Total]:
    """Return a page of leads, and how many there are altogether."""
    mine = uow.actor.staff_id
    listed = sa.select(_t)
    if not _reads_all(uow):
        listed = listed.where(_t.c.staff_id == mine)
    if wanted.staff_id:
        who = mine if wanted.staff_id == "me" else wanted.staff_id
        listed = listed.where(_t.c.staff_id == who)
    for column, text in ((_t.c.kind, wanted.kind), (_t.c.route, wanted.route)):
        if text:
            listed = listed.where(column == text)
    zone = uow.policy(OwnershipPolicy).time_zone
    if wanted.first:
        listed = listed.where(_t.c.routed_at >= start_of(wanted.first, zone))
    if wanted.last:
        listed = listed.where(_t.c.routed_at < end_of(wanted.last, zone))
    if wanted.query:
        listed = listed.where(_t.c.full_name.icontains(wanted.query, autoescape=True))
    if wanted.skipping:
        listed = listed.where(sa.cast(_t.c.skipped, sa.Text) != "[]")
    order = Order((_t.c.number,), descending=not wanted.oldest_first)
    return keysets.read(uow, listed, order, after, limit), keysets.count(uow, listed)


def _reads_all(uow: UnitOfWork) -> bool:
    return uow.policy(OwnershipPolicy).rules.inbound.read.allows(uow.actor)
