"""What changed, for everybody who listens to this process: one query a second, whoever listens."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import sqlalchemy as sa
from anyio import to_thread

from chassis.db import Database
from chassis.kernel import Refused
from services.gateway.app import changes
from services.gateway.domain import reasons
from services.gateway.domain.listening import Listener

AT_ONCE = 500
RETRY_SECONDS = 60
_log = logging.getLogger(__name__)


class Ear:
    """One stream: what it has heard, and a bell that rings when there is something to do."""

    def __init__(self, listener: Listener, valid: Callable[[], bool]) -> None:
        self.listener = listener
        self.valid = valid
        self.bell = asyncio.Event()


class Feed:
    """The listeners of this process. Asks the database only while there are some."""

    def __init__(
        self, database: Database, *, poll_seconds: float, per_person: int, most: int
    ) -> None:
        self._database = database
        self._pause = poll_seconds
        self._per_person = per_person
        self._most = most
        self._ears: set[Ear] = set()
        self._position = 0
        self._polling: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self.closing = False

    @asynccontextmanager
    async def listen(
        self,
        staff_id: str,
        roles: frozenset[str],
        topics: frozenset[str],
        since: int | None,
        valid: Callable[[], bool],
    ) -> AsyncIterator[Ear]:
        """Hear of what changes from `since` on, or from now. Raises TOO_MANY_STREAMS and BUSY.

        The bell rings as well when `valid` has become false, and when the feed closes.
        """
        own = sum(ear.listener.staff_id == staff_id for ear in self._ears)
        if own >= self._per_person:
            raise reasons.TOO_MANY_STREAMS.refuse(
                most=self._per_person, retry_seconds=RETRY_SECONDS
            )
        if len(self._ears) >= self._most:
            raise reasons.BUSY.refuse()
        ear = Ear(Listener(staff_id, roles, topics, 0), valid)
        self._ears.add(ear)
        try:
            await self._start()
            await self._catch_up(ear, since)
            yield ear
        finally:
            self._ears.discard(ear)

    def close(self) -> None:
        """End every stream; what is heard from now on is heard elsewhere."""
        self.closing = True
        for ear in self._ears:
            ear.bell.set()

    async def _start(self) -> None:
        async with self._starting:
            if self._polling is None or self._polling.done():
                self._position = await to_thread.run_sync(changes.newest, self._database)
                self._polling = asyncio.create_task(self._poll())

    async def _catch_up(self, ear: Ear, since: int | None) -> None:
        """Tell a listener who comes back what it missed."""
        until = ear.listener.position = max(ear.listener.position, self._position)
        if since is None or since == until:
            return
        rows = await to_thread.run_sync(changes.missed, self._database, since, until)
        if rows is None:
            ear.listener.lose_track()
        else:
            ear.listener.hear(rows, time.monotonic())
        ear.bell.set()

    async def _poll(self) -> None:
        while self._ears and not self.closing:
            await asyncio.sleep(self._pause)
            try:
                while await self._hear() == AT_ONCE:
                    pass
            except (sa.exc.SQLAlchemyError, Refused) as error:
                _log.warning("changes could not be read: %r", error)
            now = time.monotonic()
            for ear in self._ears:
                if ear.listener.due(now) or not ear.valid():
                    ear.bell.set()
        self._polling = None

    async def _hear(self) -> int:
        ask = partial(changes.after, self._database, self._position, AT_ONCE)
        rows = await to_thread.run_sync(ask)
        now = time.monotonic()
        for ear in self._ears:
            ear.listener.hear(rows, now)
        if rows:
            self._position = rows[-1]["seq"]
        return len(rows)
