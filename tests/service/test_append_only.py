"""What was recorded stays: the databases themselves refuse to change it."""

import pytest
import sqlalchemy as sa

from chassis import tables
from tests.acceptance.actions import Company
from tests.builders import form
from tests.platform import SERVICES, Platform
from tests.refusals import refused
from tests.system.plugin import NewDatabase

GUARDED = {
    "customers": {"customer_fact", "duplicate_check"},
    "ownership": {"position_change", "release"},
    "review": {"case_decision"},
}
SHARED = {"policy_version", "decision"}


def marked(metadata: sa.MetaData) -> set[str]:
    return {table.name for table in metadata.sorted_tables if table.info.get("append_only")}


def test_the_tables_that_are_append_only_are_known_by_name() -> None:
    assert {service.name: marked(service.metadata) for service in SERVICES} == GUARDED
    assert marked(tables.metadata) == SHARED


def attempts(engine: sa.Engine, name: str) -> list[str]:
    column = sa.inspect(engine).get_columns(name)[-1]["name"]
    statements = [f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"]  # noqa: S608
    return statements + [f"TRUNCATE {name}"] * (engine.dialect.name == "postgresql")


def fill(company: Company) -> None:
    customer = company.acquire("li", form())
    company.release("li", customer)
    refused(company.customer, "wang", customer)


def assert_all_guarded(platform: Platform) -> None:
    for service, names in GUARDED.items():
        engine = platform.parts[service].database.engine
        for name in names | SHARED:
            with engine.connect() as connection:
                counted = sa.text(f"SELECT count(*) FROM {name}")  # noqa: S608
                assert connection.execute(counted).scalar_one() > 0, name
            for statement in attempts(engine, name):
                with (
                    pytest.raises(sa.exc.DBAPIError, match="append-only"),
                    engine.begin() as connection,
                ):
                    connection.exec_driver_sql(statement)


def test_sqlite_refuses(company: Company) -> None:
    fill(company)
    assert_all_guarded(company.platform)


def test_postgresql_refuses(postgres_url: NewDatabase) -> None:
    company = Company(urls={name: postgres_url(name) for name in GUARDED})
    fill(company)
    assert_all_guarded(company.platform)
    for parts in company.platform.parts.values():
        parts.database.close()
