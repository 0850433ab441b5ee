"""How often a caller may ask, and how often a sign-in may be tried."""

import ipaddress
import math

from limits import RateLimitItem, parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from chassis.kernel import Clock, Reason
from services.gateway.domain import reasons


class Rates:
    """Sliding windows in memory, or in Redis for several replicas (`async+redis://…`)."""

    def __init__(
        self,
        storage: str,
        *,
        clock: Clock,
        requests: str,
        per_username: str,
        per_address: str,
        uploads: str,
    ) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(storage_from_string(storage))
        self._clock = clock
        self._requests = parse(requests)
        self._per_username = parse(per_username)
        self._per_address = parse(per_address)
        self._uploads = parse(uploads)

    async def admit(self, caller: str) -> None:
        """Count a request of this caller; raises TOO_MANY_REQUESTS."""
        await self._hit(self._requests, reasons.TOO_MANY_REQUESTS, "request", caller)

    async def upload(self, staff_id: str) -> None:
        """Count a file that a person sends; raises TOO_MANY_UPLOADS."""
        await self._hit(self._uploads, reasons.TOO_MANY_UPLOADS, "upload", staff_id)

    async def attempt(self, username: str, address: str) -> None:
        """Count a try of a password before it is checked; raises TOO_MANY_ATTEMPTS."""
        reason = reasons.TOO_MANY_ATTEMPTS
        await self._hit(self._per_address, reason, "attempt-address", network(address))
        await self._hit(self._per_username, reason, "attempt-username", username)

    async def succeeded(self, username: str) -> None:
        """Forget the tries of a username whose password was right."""
        await self._limiter.clear(self._per_username, "attempt-username", username)

    async def _hit(self, item: RateLimitItem, reason: Reason, *key: str) -> None:
        if await self._limiter.hit(item, *key):
            return
        stats = await self._limiter.get_window_stats(item, *key)
        seconds = math.ceil(stats.reset_time - self._clock().timestamp())
        raise reason.refuse(retry_seconds=min(max(seconds, 1), item.get_expiry()))


def network(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 that one IPv6 user has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
