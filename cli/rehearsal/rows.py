"""Reads a service's database by SQL, past all of its code."""

import sqlite3
from typing import Any


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
