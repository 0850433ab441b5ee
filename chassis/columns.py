"""Column types and table guards that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment in time: aware and in UTC on both sides of the database."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Use `timestamptz` where it exists, else a UTC time without zone."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upsert(dialect: str, table: sa.Table) -> postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT; both dialects spell it alike."""
    spelling: Any = postgresql if dialect == "postgresql" else sqlite
    insert: postgresql.Insert = spelling.insert(table)
    return insert


def append_only_statements(table: str, dialect: str) -> list[str]:
    """Return the DDL that makes the database refuse every UPDATE and DELETE on `table`."""
    if dialect == "postgresql":
        function = (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
        )
        events = {"UPDATE OR DELETE": "ROW", "TRUNCATE": "STATEMENT"}
        return [
            function,
            *(
                f"CREATE TRIGGER {table}_no_{event.split()[0].lower()} BEFORE {event} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
                for event, each in events.items()
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def append_only(table: sa.Table) -> sa.Table:
    """Mark `table` append-only: creating it also creates the triggers that guard it."""

    def create_triggers(target: sa.Table, connection: sa.Connection, **_: Any) -> None:
        for statement in append_only_statements(target.name, connection.dialect.name):
            connection.execute(sa.text(statement))

    table.info["append_only"] = True
    sa.event.listen(table, "after_create", create_triggers)
    return table
