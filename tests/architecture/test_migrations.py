"""A migrated database is exactly what the tables say, on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from chassis import tables
from chassis.migrations import pending, upgrade
from chassis.service import Service, assemble
from services.gateway.parts import GATEWAY
from tests.platform import SERVICES

MIGRATED = (*SERVICES, GATEWAY)
IDS = [service.name for service in MIGRATED]


def check(service: Service, url: str) -> None:
    parts = assemble(service, url)
    assert pending(parts.database, service.migrations)
    upgrade(parts.database, service.migrations, service.metadata)
    upgrade(parts.database, service.migrations, service.metadata)
    assert pending(parts.database, service.migrations) == []
    with parts.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, [tables.metadata, service.metadata]) == []
        migrated = guards(connection)
    assert migrated == expected_guards(service, url.startswith("sqlite"))
    parts.database.close()


def guards(connection: sa.Connection) -> dict[str, list[str]]:
    """Return the check constraints and append-only triggers that the database has, by table.

    SQLite keeps the text of a check, which is compared too; PostgreSQL keeps what it made of it.
    """
    inspector = sa.inspect(connection)
    on_sqlite = connection.dialect.name == "sqlite"
    found = {
        table: sorted(
            text(check["name"], check["sqltext"] if on_sqlite else "")
            for check in inspector.get_check_constraints(table)
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }
    catalogue = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if on_sqlite
        else "SELECT event_object_table FROM information_schema.triggers"
    )
    for (table,) in set(connection.exec_driver_sql(catalogue)):
        found[table].append("append-only")
    return found


def expected_guards(service: Service, on_sqlite: bool) -> dict[str, list[str]]:
    return {
        table.name: sorted(
            text(constraint.name, str(constraint.sqltext) if on_sqlite else "")
            for constraint in table.constraints
            if isinstance(constraint, sa.CheckConstraint)
        )
        + (["append-only"] if table.info.get("append_only") else [])
        for metadata in (tables.metadata, service.metadata)
        for table in metadata.sorted_tables
    }


def text(name: object, condition: str) -> str:
    return f"{name}: {' '.join(condition.split())}"


@pytest.mark.parametrize("service", MIGRATED, ids=IDS)
def test_migrated_sqlite_is_what_the_tables_say(service: Service) -> None:
    check(service, "sqlite://")


@pytest.mark.parametrize("service", MIGRATED, ids=IDS)
def test_migrated_postgresql_is_what_the_tables_say(
    service: Service, postgres_url: Callable[[str], str]
) -> None:
    check(service, postgres_url(service.name))
