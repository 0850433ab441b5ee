"""Databases in memory that one test after another begins anew with.

SQLAlchemy remembers compiled statements with the engine, and compiling takes longer than running
them; making tables and applying a pack takes longer still. So every test of a process gets the
same engines, filled from an image.
"""

import os
from collections.abc import Callable
from functools import cache

import sqlalchemy as sa

from chassis.db import Database
from cli.rehearsal.rows import connection_of

_committed: dict[str, Callable[[], None]] = {}
_lent_to: list[str] = []


def lend() -> bool:
    """Tell whether the test that runs may use the shelf: one platform of a test, the first."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" (")[0]
    if not test or test in _lent_to[-1:]:
        return False
    _lent_to.append(test)
    return True


def take(service: str, committed: Callable[[], None]) -> Database:
    """Return the process's database of a service; `committed` hears of what this test writes."""
    _committed[service] = committed
    return _database(service)


def image(database: Database) -> bytes:
    """Return everything that a database holds."""
    return connection_of(database).serialize()


def fill(database: Database, content: bytes) -> None:
    """Replace everything that a database holds."""
    connection = connection_of(database)
    connection.deserialize(content)
    # SQLite would go on with the tables that an earlier test added.
    connection.execute("PRAGMA writable_schema=RESET")


@cache
def _database(service: str) -> Database:
    database = Database("sqlite://")

    def committed(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get("crm_read_only"):
            _committed[service]()

    sa.event.listen(database.engine, "commit", committed)
    return database
