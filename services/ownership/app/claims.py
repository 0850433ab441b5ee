"""Whether the caller could claim a customer now, and what stands against it."""

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import Refused
from chassis.unit import UnitOfWork
from services.ownership.app.availability import require_receiver
from services.ownership.app.grants import check_category, check_free
from services.ownership.app.queries import Quota, read_quota
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.domain.reasons import CUSTOMER_UNKNOWN, QUOTA_FULL
from services.ownership.domain.reclaim import exempt
from services.ownership.store import positions
from services.ownership.store.positions import Position


@dataclass(frozen=True, slots=True)
class Claimer:
    """What of the caller matters to every claim: why there can be none, else the quota."""

    refused: Refused | None
    quota: Quota | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What claiming would mean: slots, review, whether it is reclaimed by time then, why not."""

    quota: Quota
    left_after: int
    review_required: bool
    reclaimed_by_time: bool
    refused: Refused | None


def claimer(uow: UnitOfWork) -> Claimer:
    """Return what stands against every claim of the caller: the role, a departure, violations."""
    try:
        uow.policy(OwnershipPolicy).rules.claim.permission.require(uow.actor)
        require_receiver(uow, uow.actor.staff_id)
        return Claimer(None, read_quota(uow, "me"))
    except Refused as refused:
        return Claimer(refused, None)


def hindrance(
    uow: UnitOfWork, who: Claimer, position: Position, released_at: datetime | None
) -> Refused | None:
    """Return what stands against the caller's claim of a customer, given up at `released_at`.

    The first that a claim would be refused with. Whether a colleague protects the same
    organisation in another record shows only when the claim is made.
    """
    if who.refused or who.quota is None:
        return who.refused
    policy = uow.policy(OwnershipPolicy).rules
    quota = who.quota
    try:
        check_free(uow, position, released_at)
        if position.category:
            check_category(position.category, policy)
        if quota.left == 0 and counts(position.category, policy.quota):
            raise QUOTA_FULL.refuse(
                clause=quota.rule.clause,
                limit=quota.limit,
                used=quota.used,
                reserved=quota.reserved,
            )
    except Refused as refused:
        return refused
    return None


def preview_claim(uow: UnitOfWork, customer_id: str) -> Preview:
    """Say whether the caller could claim a customer now, and what it would cost."""
    policy = uow.policy(OwnershipPolicy).rules
    policy.claim.permission.require(uow.actor)
    who = claimer(uow)
    quota = who.quota or read_quota(uow, "me")
    position = positions.read(uow, customer_id)
    review = policy.claim.review.value
    if position is None:
        return Preview(quota, quota.left, review, False, CUSTOMER_UNKNOWN.refuse())
    released = positions.last_releases(uow, [customer_id], uow.actor.staff_id)
    return Preview(
        quota=quota,
        left_after=max(quota.left - counts(position.category, policy.quota), 0),
        review_required=review,
        reclaimed_by_time=not exempt(position.category, policy.reclaim),
        refused=hindrance(uow, who, position, released.get(customer_id)),
    )
