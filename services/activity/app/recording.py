"""Follow-ups are recorded: by the holder, at the server's time, judged at once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chassis.kernel import Advice, Event, Violation
from chassis.unit import UnitOfWork
from services.activity.domain.attachments import flag_reused, watched
from services.activity.domain.policy import ActivityPolicy, FollowUpRules
from services.activity.domain.reasons import (
    ATTACHMENT_NOT_ALLOWED,
    HAPPEN_TIME_FUTURE,
    HAPPEN_TIME_TOO_OLD,
    KIND_NOT_ALLOWED,
    TOO_MANY_ATTACHMENTS,
)
from services.activity.domain.validity import assess, fingerprint
from services.activity.store import attachments, books, follow_ups, tasks
from services.activity.store.follow_ups import FollowUp
from services.activity.store.tables import follow_up_void

RECORDED = "crm.activity.follow_up.recorded.v1"
VOIDED = "crm.activity.follow_up.voided.v1"


class NotAnnounced(Exception):
    """The caller is not known here as the holder; ownership may know better."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A follow-up as its author states it."""

    customer_id: str
    kind: str
    title: str
    content: str
    happened_at: datetime | None
    attachments: list[dict[str, Any]]
    place: dict[str, Any]


def record(uow: UnitOfWork, draft: Draft, confirmed: bool) -> FollowUp:
    """Keep a follow-up by the caller, valid or not, and announce it.

    Raises NotAnnounced when the caller is not known as the holder and ownership has not
    `confirmed` it. The customer's book is kept until the end, so that whoever closes it sees
    this follow-up or makes it later.
    """
    rules = uow.policy(ActivityPolicy).rules.follow_ups
    rules.record.require(uow.actor)
    _check(uow, draft, rules)
    book = books.lock(uow, draft.customer_id)
    if not confirmed and book.holder_id != uow.actor.staff_id:
        raise NotAnnounced
    found, same = _judged(uow, draft, rules)
    follow_ups.add(uow, found, same)
    attachments.add(uow, found.follow_up_id, found.attachments)
    last_valid_at = book.last_valid_at
    if found.valid:
        last_valid_at = max(last_valid_at or uow.now, uow.now)
        books.enter(uow, draft.customer_id, last_valid_at)
    if book.has_tasks:
        tasks.close_done(uow, draft.customer_id, found.valid)
    data = {
        "follow_up_id": found.follow_up_id,
        "customer_id": found.customer_id,
        "author_id": found.author_id,
        "kind": found.kind,
        "valid": found.valid,
        "reasons": [reason["reason"] for reason in found.reasons],
        "record_time": found.recorded_at.isoformat(),
        "last_valid_time": last_valid_at.isoformat() if last_valid_at else "",
    }
    uow.emit(Event(RECORDED, found.customer_id, data))
    return found


def make_void(uow: UnitOfWork, found: FollowUp, reason: Violation) -> None:
    """Take a follow-up out of the count, by a fact of its own; announce it.

    One that does not count, or no longer does, stays as it is.
    """
    books.lock(uow, found.customer_id)
    if not follow_ups.get(uow, found.follow_up_id).standing:
        return
    uow.execute(
        follow_up_void.insert(),
        {
            "follow_up_id": found.follow_up_id,
            "reason": reason.reason,
            "clause": reason.clause,
            "zh": reason.say.zh,
            "en": reason.say.en,
            "actor_id": uow.actor.staff_id,
            "voided_at": uow.now,
        },
    )
    last_valid_at = books.recount(uow, found.customer_id)
    data = {
        "follow_up_id": found.follow_up_id,
        "customer_id": found.customer_id,
        "author_id": found.author_id,
        "reason": reason.reason,
        "clause": reason.clause,
        "void_time": uow.now.isoformat(),
        "last_valid_time": last_valid_at.isoformat() if last_valid_at else "",
    }
    uow.emit(Event(VOIDED, found.customer_id, data))


def _judged(uow: UnitOfWork, draft: Draft, rules: FollowUpRules) -> tuple[FollowUp, str]:
    same = fingerprint(draft.content)
    own = rules.identical_scope.value == "customer_same_author_normalised"
    author = uow.actor.staff_id if own else ""
    most = rules.near_identical_among.value
    repeats, latest = follow_ups.compared(uow, draft.customer_id, same, most, author)
    assessed = assess(draft.title, draft.content, repeats, latest, rules)
    hashes = watched(draft.attachments, rules)
    shown = attachments.shown_before(uow, draft.customer_id, uow.actor.staff_id, hashes)
    reused = flag_reused(draft.attachments, shown, rules)
    found = FollowUp(
        follow_up_id=uow.new_id(),
        customer_id=draft.customer_id,
        author_id=uow.actor.staff_id,
        kind=draft.kind,
        title=draft.title.strip(),
        content=draft.content,
        happened_at=draft.happened_at,
        recorded_at=uow.now,
        valid=assessed.valid,
        reasons=[_finding(fault) for fault in assessed.faults],
        flags=[
            *(_finding(flag) for flag in assessed.flags),
            *(_finding(flag) | {"follow_up_id": other} for flag, other in reused),
        ],
        resembles_id=assessed.resembles,
        attachments=draft.attachments,
        place=draft.place,
        policy_version=uow.policy(ActivityPolicy).version,
    )
    return found, same


def _finding(found: Violation | Advice) -> dict[str, str]:
    return {
        "field": found.field,
        "reason": found.reason,
        "clause": found.clause,
        "zh": found.say.zh,
        "en": found.say.en,
    }


def _check(uow: UnitOfWork, draft: Draft, rules: FollowUpRules) -> None:
    """Refuse what is no record at all: a kind, a time or files that policy does not take."""
    if draft.kind not in rules.kinds.value:
        allowed = ", ".join(rules.kinds.value)
        raise KIND_NOT_ALLOWED.refuse(clause=rules.kinds.clause, allowed=allowed)
    if draft.happened_at:
        backdate = rules.backdate_hours
        if draft.happened_at > uow.now:
            raise HAPPEN_TIME_FUTURE.refuse(clause=backdate.clause)
        if draft.happened_at < uow.now - timedelta(hours=backdate.value):
            raise HAPPEN_TIME_TOO_OLD.refuse(clause=backdate.clause, hours=backdate.value)
    limits = rules.attachments.value
    if len(draft.attachments) > limits.most:
        raise TOO_MANY_ATTACHMENTS.refuse(clause=rules.attachments.clause, most=limits.most)
    for file in draft.attachments:
        if file["media_type"] not in limits.media_types or file["size_bytes"] > limits.bytes_each:
            raise ATTACHMENT_NOT_ALLOWED.refuse(
                clause=rules.attachments.clause,
                name=file["file_name"],
                types=", ".join(limits.media_types),
                most=limits.bytes_each,
            )


def rehearsed(found: FollowUp) -> FollowUp:
    """Return what a rehearsal answers: the judgement, without the id of a record."""
    return replace(found, follow_up_id="")
