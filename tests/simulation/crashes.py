"""Processes that die: before a commit, after it, or between two transactions."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import sqlalchemy as sa

from chassis.db import Database
from cli.rehearsal.rows import connection_of
from tests import shelf

Result = TypeVar("Result")

BEFORE_COMMIT = 0.02
AFTER_COMMIT = 0.02


class Crash(BaseException):
    """The process died here. No handler of the code under test catches it."""


class Crashes:
    """Decides where a process dies, and counts it."""

    def __init__(self, chance: Callable[[float], bool]) -> None:
        self.chance = chance
        self.on = False
        self.counted: Counter[str] = Counter()

    def maybe(self, point: str, probability: float) -> None:
        """Die at `point`, or not."""
        if self.happens(point, probability):
            raise Crash(point)

    def happens(self, point: str, probability: float) -> bool:
        """Tell whether a fault happens at `point`, and count it."""
        if not self.on or not self.chance(probability):
            return False
        self.counted[point] += 1
        return True


class CrashingDatabase(Database):
    """A service's database, around whose commits its process may die.

    It is used by one world after another, because SQLAlchemy remembers compiled statements with
    the engine, and compiling them takes longer than running them.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._crashes: Crashes | None = None
        self._committed: Callable[[], None] = lambda: None
        sa.event.listen(self.engine, "commit", self._before_commit)

    def begin_world(
        self, image: bytes, crashes: Crashes, committed: Callable[[], None]
    ) -> sqlite3.Connection:
        """Replace everything by `image`; return the connection, to look past our code."""
        shelf.fill(self, image)
        self._crashes, self._committed = crashes, committed
        return connection_of(self)

    def run(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run a transaction; what it left behind is looked at before the process may die."""
        result = super().run(work)
        self._committed()
        if self._crashes:
            self._crashes.maybe("after commit", AFTER_COMMIT)
        return result

    def _before_commit(self, _: sa.Connection) -> None:
        if self._crashes:
            self._crashes.maybe("before commit", BEFORE_COMMIT)


@cache
def database(service: str) -> CrashingDatabase:
    """Return this process's database of a service, whose content each world replaces."""
    return CrashingDatabase("sqlite://")
