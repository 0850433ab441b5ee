"""argon2id on a few threads: a hash takes 64 MiB, so both threads and queue are bounded."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.gateway.domain import reasons
from services.gateway.domain.accounts import canonical_password

Result = TypeVar("Result")


class Passwords:
    """Hashes and checks passwords. Raises BUSY when too many wait already."""

    def __init__(self, hasher: PasswordHasher, *, threads: int, queue: int) -> None:
        self._hasher = hasher
        self._limiter = CapacityLimiter(threads)
        self._queue = queue
        self._nobody = hasher.hash("nobody signs in with this")

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        return await self._run(lambda: self._hasher.hash(canonical_password(password)))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; where none is stored, no, after as long."""

        def verify() -> bool:
            try:
                self._hasher.verify(stored or self._nobody, canonical_password(password))
            except (VerificationError, InvalidHashError):
                return False
            return stored is not None

        return await self._run(verify)

    def outdated(self, stored: str) -> bool:
        """Whether a stored hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._limiter.statistics().tasks_waiting >= self._queue:
            raise reasons.BUSY.refuse()
        return await to_thread.run_sync(work, limiter=self._limiter)
