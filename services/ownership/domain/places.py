"""Where a customer can be, and where a released one goes."""

from dataclasses import dataclass
from enum import StrEnum

from chassis.rules import Rule
from services.ownership.domain.policy import ReleaseRules


class Location(StrEnum):
    """Where a customer is. Only in a private library does it have a holder."""

    PUBLIC_POOL = "public_pool"
    PRIVATE_LIBRARY = "private_library"
    AWAITING_DISTRIBUTION = "awaiting_distribution"
    CLOSED = "closed"
    """Another record of the same customer was kept: nobody can hold this one."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where to, and by which rule."""

    location: Location
    rule: Rule


def route_released(distinct_releasers: int, rules: ReleaseRules) -> Route:
    """Return where a customer goes that so many different people, this one included, gave up."""
    if distinct_releasers >= rules.pool_after_releasers.value > 0:
        return Route(Location.PUBLIC_POOL, rules.pool_after_releasers)
    return Route(Location(rules.route.value), rules.route)
