"""One database per service, the same behaviour on SQLite and PostgreSQL.

A transaction is short and does no I/O but its own statements: while one is open in the
current context, `forbid_io` refuses gRPC calls and publishing.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import pool

from chassis.kernel import Kind, Reason

Result = TypeVar("Result")

ATTEMPTS = 5
COUNT_ROWS = {"preserve_rowcount": True}
"""Without it an INSERT reports -1 rows on PostgreSQL, and every lost race would look like a win."""

APART: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "AUTOCOMMIT"},
    "sqlite": {"crm_apart": True},
}
"""How a connection is told that its statements stand alone."""

USED = "crm_used"
RESTED = 1.0
"""Seconds after which a connection is asked whether it still lives, before it is used again."""

_open = ContextVar("transaction_open", default=False)

BUSY = Reason(
    "BUSY",
    Kind.UNAVAILABLE,
    zh="系统繁忙，请稍后再试。",
    en="The system is busy; try again in a moment.",
)


class Again(Exception):
    """Raised by a use case that must see a later time: it runs again from the start."""


class Database:
    """A service's database.

    `run` gives a use case one serialised-enough transaction: invariants are constraints and
    conditional updates, so READ COMMITTED (PostgreSQL) and BEGIN IMMEDIATE (SQLite) suffice. A
    transaction that lost a race (deadlock, lock timeout, unique index) runs again from
    the start, where it finds the winner's rows and answers accordingly.
    """

    def __init__(self, url: str) -> None:
        self.engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
        self._statements = self.engine.execution_options(**APART[self.dialect])

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    def run(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run `work` in a transaction: committed when it returns, undone when it raises."""
        return self._until_won(lambda: self._transact(work))

    def _transact(self, work: Callable[[sa.Connection], Result]) -> Result:
        with _mark_open(), self.engine.begin() as connection:
            return work(connection)

    def _until_won(self, attempt_it: Callable[[], Result]) -> Result:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return attempt_it()
            except sa.exc.DBAPIError as error:
                if not _lost_race(error):
                    raise
                if attempt == ATTEMPTS:
                    if isinstance(error, sa.exc.IntegrityError):
                        raise
                    raise BUSY.refuse() from error
            except Again:
                if attempt == ATTEMPTS:
                    raise BUSY.refuse() from None
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads retries
        raise AssertionError("unreachable")

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a read-only transaction: one snapshot on SQLite, read committed on PostgreSQL."""
        with _mark_open(), self.engine.connect() as opened:
            connection = opened.execution_options(crm_read_only=True)
            with connection.begin():
                yield connection

    def apart(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run `work` without a transaction: its one statement that changes something stands alone.

        That saves the round trips that begin and end one. If the statement loses a race, all of
        `work` runs again.
        """
        return self._until_won(lambda: self._apart(work, read_only=False))

    def look(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run `work`, which only reads, without a transaction: each statement has its snapshot."""
        return self._until_won(lambda: self._apart(work, read_only=True))

    def _apart(self, work: Callable[[sa.Connection], Result], *, read_only: bool) -> Result:
        with _mark_open(), self._statements.connect() as opened:
            connection = opened.execution_options(crm_read_only=read_only)
            result = work(connection)
            # Who listens learns that something was written; the database is told nothing.
            connection.commit()
            return result

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def forbid_io(what: str) -> None:
    """Raise when a transaction is open here: a slow peer must not hold our locks."""
    if _open.get():
        raise RuntimeError(f"{what} inside a database transaction")


def _lost_race(error: sa.exc.DBAPIError) -> bool:
    """Whether running the transaction again can help: a lost race, or a lost connection."""
    if isinstance(error, sa.exc.IntegrityError):
        return True
    if not isinstance(error, sa.exc.OperationalError):
        return False
    text = str(error.orig)
    return "locked" in text or "busy" in text or not text.startswith(("no such", "near "))


@contextmanager
def _mark_open() -> Iterator[None]:
    if _open.get():
        raise RuntimeError("a transaction inside a transaction")
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def _sqlite(url: str) -> sa.Engine:
    in_memory = url in ("sqlite://", "sqlite:///:memory:")
    engine = sa.create_engine(
        url,
        poolclass=pool.StaticPool if in_memory else pool.QueuePool,
        connect_args={"check_same_thread": False, "timeout": 10.0},
        execution_options=COUNT_ROWS,
    )

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("crm_apart"):
            read_only = options.get("crm_read_only")
            connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str) -> sa.Engine:
    engine = sa.create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_use_lifo=True,
        connect_args={
            "options": "-c timezone=UTC -c lock_timeout=2000 -c statement_timeout=5000",
            "connect_timeout": 5,
        },
        execution_options=COUNT_ROWS,
    )

    @sa.event.listens_for(engine, "checkin")
    def note(_: Any, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info[USED] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def ping(connection: Any, record: sa.pool.ConnectionPoolEntry, _: Any) -> None:
        used = record.info.get(USED)
        if used is None or time.monotonic() - used < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DisconnectionError from error

    return engine
