"""What people may look at of follow-ups and signings."""

import logging

import sqlalchemy as sa

from chassis.reach import in_reach
from chassis.unit import UnitOfWork
from services.activity.app.sight import visible_follow_ups, with_people
from services.activity.domain.policy import ActivityPolicy
from services.activity.store import attachments, custodies, follow_ups
from services.activity.store.follow_ups import JOINED, SELECTED, STANDING, FollowUp
from services.activity.store.signings import Signing, from_rows
from services.activity.store.tables import colleague, follow_up, signing

_log = logging.getLogger(__name__)


def read_follow_up(uow: UnitOfWork, follow_up_id: str) -> FollowUp:
    """Return a follow-up to those who may see it."""
    found = follow_ups.get(uow, follow_up_id)
    seen = sa.select(follow_up.c.position).select_from(with_people(JOINED))
    seen = seen.where(follow_up.c.follow_up_id == follow_up_id, visible_follow_ups(uow))
    if uow.one(seen) is None:
        raise uow.policy(ActivityPolicy).rules.follow_ups.readers.refusal()
    _log_reader(uow, found.customer_id, found.author_id)
    return found


def list_follow_ups(
    uow: UnitOfWork,
    customer_id: str,
    author_id: str,
    valid: bool | None,
    flagged: bool,
    before: int | None,
    limit: int,
) -> list[FollowUp]:
    """Return the follow-ups that the caller may see, newest first."""
    listed = SELECTED.select_from(with_people(JOINED)).where(visible_follow_ups(uow))
    if customer_id:
        listed = listed.where(follow_up.c.customer_id == customer_id)
        _log_reader(uow, customer_id, "")
    if author_id:
        who = uow.actor.staff_id if author_id == "me" else author_id
        listed = listed.where(follow_up.c.author_id == who)
    if valid is not None:
        listed = listed.where(STANDING if valid else ~STANDING)
    if flagged:
        listed = listed.where(follow_up.c.flagged)
    if before is not None:
        listed = listed.where(follow_up.c.position < before)
    listed = listed.order_by(follow_up.c.position.desc()).limit(limit)
    return [follow_ups.from_row(row) for row in uow.execute(listed).mappings()]


def find_attachments(uow: UnitOfWork, attachment_ids: list[str]) -> list[str]:
    """Return which of these files show a follow-up, whoever's."""
    return attachments.used(uow, attachment_ids)


def list_signings(
    uow: UnitOfWork, customer_id: str, staff_id: str, before: int | None, limit: int
) -> list[Signing]:
    """Return the signings that the caller may see, newest first: her own, and what policy adds."""
    rules = uow.policy(ActivityPolicy).rules.signings
    if not any(uow.actor.has(g.role) for g in (*rules.record.grants, *rules.read.grants)):
        raise rules.read.refusal()
    mine = signing.c.staff_id == uow.actor.staff_id
    listed = (
        sa.select(signing)
        .select_from(signing.outerjoin(colleague, colleague.c.staff_id == signing.c.staff_id))
        .where(sa.or_(mine, in_reach(rules.read.grants, uow.actor, colleague)))
    )
    if customer_id:
        listed = listed.where(signing.c.customer_id == customer_id)
    if staff_id:
        who = uow.actor.staff_id if staff_id == "me" else staff_id
        listed = listed.where(signing.c.staff_id == who)
    if before is not None:
        listed = listed.where(signing.c.position < before)
    listed = listed.order_by(signing.c.position.desc()).limit(limit)
    return from_rows(uow, list(uow.execute(listed).mappings()))


def _log_reader(uow: UnitOfWork, customer_id: str, author_id: str) -> None:
    """Looks into a colleague's work are logged."""
    if uow.actor.staff_id not in (author_id, custodies.holder_of(uow, customer_id)):
        extra = {"reader": uow.actor.staff_id, "customer_id": customer_id}
        _log.info("follow-ups read", extra=extra)
