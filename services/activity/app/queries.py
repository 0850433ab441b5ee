"""What people may look at of follow-ups and signings."""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.reach import in_reach
from chassis.unit import UnitOfWork
from services.activity.app.sight import AUTHOR, visible_follow_ups, with_people
from services.activity.app.spans import begin_of, end_of
from services.activity.domain.policy import ActivityPolicy
from services.activity.store import attachments, custodies, follow_ups
from services.activity.store.follow_ups import JOINED, SELECTED, STANDING, FollowUp
from services.activity.store.signings import Signing, from_rows
from services.activity.store.tables import colleague, follow_up, signing, summary

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which follow-ups or signings; what is empty does not matter."""

    customer_id: str = ""
    staff_id: str = ""
    """By whom; `me` is the caller."""
    department: str = ""
    team: str = ""
    first: date | None = None
    last: date | None = None
    kind: str = ""
    valid: bool | None = None
    flagged: bool = False
    query: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A follow-up with the names of its customer and author, as far as they are known here."""

    follow_up: FollowUp
    full_name: str
    author_name: str
    department: str
    team: str
    keys: Keys = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """A signing with the names of its customer and of who signed."""

    signing: Signing
    full_name: str
    staff_name: str
    keys: Keys


_NAMES = (
    summary.c.full_name,
    AUTHOR.c.display_name.label("author_name"),
    AUTHOR.c.department.label("author_department"),
    AUTHOR.c.team.label("author_team"),
)


def read_follow_up(uow: UnitOfWork, follow_up_id: str) -> Shown:
    """Return a follow-up to those who may see it."""
    found = follow_ups.get(uow, follow_up_id)
    row = uow.one(_visible(uow).where(follow_up.c.follow_up_id == follow_up_id))
    if row is None:
        raise uow.policy(ActivityPolicy).rules.follow_ups.readers.refusal()
    _log_reader(uow, found.customer_id, found.author_id)
    return _shown(row)


def named(uow: UnitOfWork, found: FollowUp) -> Shown:
    """Return a follow-up of the caller's own with the names that belong to it."""
    of_customer = sa.select(summary.c.full_name).where(summary.c.customer_id == found.customer_id)
    full_name = uow.execute(of_customer).scalar() or ""
    author = custodies.find_colleague(uow, found.author_id)
    place = (author["display_name"], author["department"], author["team"]) if author else ("",) * 3
    return Shown(found, full_name, *place)


def list_follow_ups(
    uow: UnitOfWork, wanted: Wanted, *, oldest_first: bool, after: list[Any] | None, limit: int
) -> tuple[list[Shown], Total]:
    """Return the follow-ups that the caller may see, newest first unless asked otherwise."""
    listed = _visible(uow).where(*_conditions(uow, wanted))
    if wanted.customer_id:
        _log_reader(uow, wanted.customer_id, "")
    order = Order((follow_up.c.recorded_at, follow_up.c.position), descending=not oldest_first)
    rows = keysets.read(uow, listed, order, after, limit)
    return [_shown(row, keysets.keys(row)) for row in rows], keysets.count(uow, listed)


def find_attachments(uow: UnitOfWork, attachment_ids: list[str]) -> list[str]:
    """Return which of these files show a follow-up, whoever's."""
    return attachments.used(uow, attachment_ids)


def list_signings(
    uow: UnitOfWork, wanted: Wanted, after: list[Any] | None, limit: int
) -> tuple[list[Signed], Total, int]:
    """Return the signings that the caller may see, newest first: her own, and what policy adds.

    Besides how many there are, and their amount in cents.
    """
    rules = uow.policy(ActivityPolicy).rules.signings
    if not any(uow.actor.has(g.role) for g in (*rules.record.grants, *rules.read.grants)):
        raise rules.read.refusal()
    mine = signing.c.staff_id == uow.actor.staff_id
    named = signing.outerjoin(colleague, colleague.c.staff_id == signing.c.staff_id).outerjoin(
        summary, summary.c.customer_id == signing.c.customer_id
    )
    conditions: list[sa.ColumnElement[bool]] = [
        mine | in_reach(rules.read.grants, uow.actor, colleague)
    ]
    if wanted.customer_id:
        conditions.append(signing.c.customer_id == wanted.customer_id)
    if wanted.staff_id:
        conditions.append(signing.c.staff_id == _whose(uow, wanted.staff_id))
    conditions += of_place(colleague, wanted.department, wanted.team)
    if wanted.first:
        conditions.append(signing.c.signed_on >= wanted.first)
    if wanted.last:
        conditions.append(signing.c.signed_on <= wanted.last)
    names = (summary.c.full_name, colleague.c.display_name.label("staff_name"))
    listed = sa.select(signing, *names).select_from(named).where(*conditions)
    order = Order((signing.c.position,), descending=True)
    rows = keysets.read(uow, listed, order, after, limit)
    amount = sa.select(sa.func.sum(signing.c.amount_cents)).select_from(named).where(*conditions)
    found = [
        Signed(one, row["full_name"] or "", row["staff_name"] or "", keysets.keys(row))
        for one, row in zip(from_rows(uow, rows), rows, strict=True)
    ]
    return found, keysets.count(uow, listed), int(uow.execute(amount).scalar() or 0)


def of_place(person: sa.FromClause, department: str, team: str) -> list[sa.ColumnElement[bool]]:
    """The conditions that a person works in a department and a team; empty ones do not matter."""
    conditions = [person.c.department == department] if department else []
    return conditions + ([person.c.team == team] if team else [])


def _visible(uow: UnitOfWork) -> sa.Select[Any]:
    named = with_people(JOINED).outerjoin(summary, summary.c.customer_id == follow_up.c.customer_id)
    return SELECTED.add_columns(*_NAMES).select_from(named).where(visible_follow_ups(uow))


def _conditions(uow: UnitOfWork, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions = of_place(AUTHOR, wanted.department, wanted.team)
    if wanted.customer_id:
        conditions.append(follow_up.c.customer_id == wanted.customer_id)
    if wanted.staff_id:
        conditions.append(follow_up.c.author_id == _whose(uow, wanted.staff_id))
    if wanted.kind:
        conditions.append(follow_up.c.kind == wanted.kind)
    if wanted.valid is not None:
        conditions.append(STANDING if wanted.valid else ~STANDING)
    if wanted.flagged:
        conditions.append(follow_up.c.flagged)
    if wanted.first:
        conditions.append(follow_up.c.recorded_at >= begin_of(uow, wanted.first))
    if wanted.last:
        conditions.append(follow_up.c.recorded_at < end_of(uow, wanted.last))
    if wanted.query:
        conditions.append(summary.c.full_name.icontains(wanted.query, autoescape=True))
    return conditions


def _whose(uow: UnitOfWork, staff_id: str) -> str:
    return uow.actor.staff_id if staff_id == "me" else staff_id


def _shown(row: sa.RowMapping, keys: Keys = ()) -> Shown:
    return Shown(
        follow_ups.from_row(row),
        row["full_name"] or "",
        row["author_name"] or "",
        row["author_department"] or "",
        row["author_team"] or "",
        keys,
    )


def _log_reader(uow: UnitOfWork, customer_id: str, author_id: str) -> None:
    """Looks into a colleague's work are logged."""
    if uow.actor.staff_id not in (author_id, custodies.holder_of(uow, customer_id)):
        extra = {"reader": uow.actor.staff_id, "customer_id": customer_id}
        _log.info("follow-ups read", extra=extra)
