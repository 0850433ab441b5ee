"""How a customer gets into a library: one gate for every door."""

from datetime import datetime, timedelta

from chassis.unit import UnitOfWork
from services.ownership.app.availability import require_receiver
from services.ownership.app.freezes import require_thawed
from services.ownership.app.moves import Grounds, put_in
from services.ownership.domain.dispute_reasons import RECORD_CLOSED
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.domain.reasons import (
    ALREADY_PROTECTED,
    CATEGORY_NOT_ALLOWED,
    COOLING_OFF,
    CUSTOMER_UNKNOWN,
    IN_CASE,
    NOT_IN_POOL,
    REVIEW_REQUIRED,
)
from services.ownership.store import positions, quotas
from services.ownership.store.positions import Position


def claim_customer(uow: UnitOfWork, customer_id: str) -> Position:
    """Put a pool customer into the caller's library at once; exactly one claimer wins.

    Refused where policy wants a review (REVIEW_REQUIRED), when the customer is not free
    (ALREADY_PROTECTED, CUSTOMER_IN_CASE, NOT_IN_POOL), the caller's claims are blocked
    (CLAIMS_BLOCKED), or the quota is full (QUOTA_FULL).
    """
    policy = uow.policy(OwnershipPolicy).rules
    policy.claim.permission.require(uow.actor)
    if policy.claim.review.value:
        raise REVIEW_REQUIRED.refuse(clause=policy.claim.review.clause)
    require_receiver(uow, uow.actor.staff_id)
    position = claimable(uow, customer_id)
    check_category(position.category, policy)
    counted = counts(position.category, policy.quota)
    if counted:
        limit = quotas.limit_of(uow, uow.actor.staff_id, policy.quota, uow.today())
        quotas.take_slot(uow, uow.actor.staff_id, limit)
    rule = policy.claim.permission
    grounds = Grounds("claimed", rule)
    put_in(uow, position, uow.actor, grounds, counted=counted, protected_at=uow.now)
    return position_of(uow, customer_id)


def claimable(uow: UnitOfWork, customer_id: str) -> Position:
    """Return the position of a customer that the caller may claim now, or refuse."""
    position = position_of(uow, customer_id)
    released = positions.last_releases(uow, [customer_id], uow.actor.staff_id)
    check_free(uow, position, released.get(customer_id))
    return position


def check_free(uow: UnitOfWork, position: Position, released_at: datetime | None) -> None:
    """Refuse a customer that the caller, who gave it up at `released_at`, may not claim now."""
    policy = uow.policy(OwnershipPolicy).rules
    if position.location == Location.PRIVATE_LIBRARY:
        raise ALREADY_PROTECTED.refuse(clause=policy.claim.already_protected.clause)
    if position.location == Location.CLOSED:
        raise RECORD_CLOSED.refuse(clause=policy.dispute.duplicate.closed.clause)
    if position.location != Location.PUBLIC_POOL:
        raise NOT_IN_POOL.refuse(clause=policy.release.collected.clause)
    require_thawed(uow, position)
    if position.case_id:
        raise IN_CASE.refuse(clause=policy.claim.already_protected.clause)
    cooldown = policy.claim.cooldown_days
    if cooldown.value > 0:
        until = released_at + timedelta(days=cooldown.value) if released_at else uow.now
        if until > uow.now:
            raise COOLING_OFF.refuse(clause=cooldown.clause, until=until.isoformat())


def check_category(category: str, policy: OwnershipPolicy) -> None:
    """Refuse a category that may not lie in a library."""
    allowed = policy.library.allowed_categories
    if category not in allowed.value:
        raise CATEGORY_NOT_ALLOWED.refuse(
            clause=allowed.clause, category=category, allowed=", ".join(allowed.value)
        )


def position_of(uow: UnitOfWork, customer_id: str) -> Position:
    """Return a customer's position; refused when unknown."""
    position = positions.read(uow, customer_id)
    if position is None:
        raise CUSTOMER_UNKNOWN.refuse()
    return position
