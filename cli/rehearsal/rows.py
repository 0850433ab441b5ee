"""Reads a service's database by SQL, past all of its code."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from chassis.db import Database
from chassis.service import Parts


class Rows:
    """A service's SQLite database, for looking only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @property
    def changes(self) -> int:
        """How many rows were changed since the connection was opened."""
        return self.connection.total_changes

    def all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return every row."""
        return self.connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """Return the first row, if there is one."""
        found: tuple[Any, ...] | None = self.connection.execute(sql, values).fetchone()
        return found

    def column(self, sql: str, *values: Any) -> list[Any]:
        """Return the first column."""
        return [row[0] for row in self.all(sql, *values)]


def rows_of(parts: Parts) -> Rows:
    """Return the rows of a service that runs over SQLite in this process."""
    return Rows(connection_of(parts.database))


def connection_of(database: Database) -> sqlite3.Connection:
    """Return the connection under a database of SQLite in memory, which has only that one."""
    pooled = database.engine.raw_connection()
    connection = pooled.driver_connection
    pooled.close()
    assert isinstance(connection, sqlite3.Connection)
    return connection


def moment(stored: str) -> datetime:
    """Read a moment as SQLite keeps it."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
