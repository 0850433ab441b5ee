"""When a customer is taken away, which announced deadline holds, and when a run stops itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.ownership.domain.places import Location
from services.ownership.domain.run_policy import ReclaimRules


class Held(Protocol):
    """What reclaiming looks at of a customer's position. Times are UTC."""

    @property
    def location(self) -> str: ...
    @property
    def holder_id(self) -> str | None: ...
    @property
    def category(self) -> str: ...
    @property
    def protected_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def clock_version(self) -> int: ...
    @property
    def freeze_count(self) -> int: ...
    @property
    def thawed_at(self) -> datetime | None: ...


def by_time(rules: ReclaimRules) -> bool:
    """Whether customers are reclaimed because their time is over, by nobody's hand."""
    return rules.mode.value == "automatic_and_spot_check"


def exempt(category: str, rules: ReclaimRules) -> bool:
    """Whether customers of a category are never reclaimed by time."""
    return not by_time(rules) or category in rules.exclude_categories.value


def reclaimable(position: Held, rules: ReclaimRules) -> datetime | None:
    """Return when a customer will be reclaimed if nobody follows it up; None when it will not be.

    What is shown as the deadline and what a run enforces is this one answer (I8).
    """
    if position.location != Location.PRIVATE_LIBRARY or position.freeze_count:
        return None
    return None if exempt(position.category, rules) else position.due_at


@dataclass(frozen=True, slots=True)
class Announced:
    """A deadline as the scheduler announced it, for the holding of `party_id`."""

    party_id: str
    version: int
    basis_at: datetime
    due_at: datetime


class Taking(StrEnum):
    """What becomes of an announced deadline."""

    IGNORED = "ignored"
    TAKEN = "taken"
    TOO_LATE = "too_late"


def take_over(position: Held, announced: Announced, rules: ReclaimRules, now: datetime) -> Taking:
    """Return whether an announced deadline replaces the one that a position has.

    Ignored: one not newer than what is known, of an earlier holding, however late it comes, or
    before the end of a freeze or an undone reclaim: the one that knows of the pause comes
    after. Too late: one counted from a follow-up at or after a deadline that has passed. It
    waits until a run has settled that deadline, so that a run that begins later spares nobody.
    """
    if announced.version <= position.clock_version or announced.party_id != position.holder_id:
        return Taking.IGNORED
    if position.protected_at is None or announced.basis_at < position.protected_at:
        return Taking.IGNORED
    if position.thawed_at and announced.due_at <= position.thawed_at:
        return Taking.IGNORED
    passed = reclaimable(position, rules)
    if passed and passed <= now and announced.basis_at >= passed:
        return Taking.TOO_LATE
    return Taking.TAKEN


def trips(count: int, holdings: int, approved: int, rules: ReclaimRules) -> bool:
    """Whether a run that takes `count` of `holdings` customers stops for people to look at it.

    `approved` is how many they have let it take before.
    """
    if count <= approved or count < rules.breaker_from.value:
        return False
    return count * 100 > rules.breaker_share.value * holdings


def least_to_trip(holdings: int, approved: int, rules: ReclaimRules) -> int:
    """Return the smallest count at which `trips` holds."""
    over_share = rules.breaker_share.value * holdings // 100 + 1
    return max(over_share, rules.breaker_from.value, approved + 1)
