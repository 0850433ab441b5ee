"""The index of names: seen at once, followed by corrections, made anew by a migration."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from crm.customers.v1 import customers_pb2 as c

from chassis import tables
from chassis.migrations import configure, upgrade
from chassis.service import assemble
from services.customers.domain.features import features
from services.customers.domain.names import parse
from services.customers.domain.starts import starts
from services.customers.parts import CUSTOMERS
from services.customers.store.tables import known_name, name_posting, name_start
from tests.acceptance.actions import Company

NAMES = {"c1": "成都蓝海科技有限公司", "c2": "绵阳红山餐饮有限公司"}


@pytest.mark.parametrize(
    "asked",
    [
        "兰海科技",
        "蓝天科技公司",
        "藍海科技（成都）股份公司",
        "成都海蓝科技有限公司",
        "四川蓝海",
        "蓝海成都科技分公司",
    ],
)
def test_a_customer_is_found_however_its_name_is_written(company: Company, asked: str) -> None:
    company.pool_customer("成都蓝海科技有限公司")
    company.pool_customer("成都红山餐饮有限公司")
    first = company.check("li", asked).hits[0]
    assert first.full_name == "成都蓝海科技有限公司"
    assert first.grade < c.DUPLICATE_GRADE_SAME


def test_a_name_of_signs_only_resembles_nothing(company: Company) -> None:
    company.pool_customer()
    assert not company.check("li", "（）").hits


def test_customers_of_before_the_migration_are_found() -> None:
    parts = assemble(CUSTOMERS, "sqlite://")
    with parts.database.engine.begin() as connection:
        config = configure(CUSTOMERS.migrations)
        metadata = [tables.metadata, CUSTOMERS.metadata]
        config.attributes |= {"connection": connection, "metadata": metadata}
        command.upgrade(config, "customers_0003")
        for customer_id, name in NAMES.items():
            _insert(connection, customer_id, name)
    upgrade(parts.database, CUSTOMERS.migrations, CUSTOMERS.metadata)
    with parts.database.engine.connect() as connection:
        rows = connection.execute(sa.select(known_name.c.customer_id, known_name.c.number))
        known = {row.customer_id: row.number for row in rows}
        assert known.keys() == NAMES.keys()
        for customer_id, number in known.items():
            mine = sa.select(name_posting.c.feature).where(name_posting.c.number == number)
            assert set(connection.execute(mine).scalars()) == features(parse(NAMES[customer_id]))
            typed = sa.select(name_start.c.text).where(name_start.c.number == number)
            assert set(connection.execute(typed).scalars()) == starts(NAMES[customer_id])


def _insert(connection: sa.Connection, customer_id: str, name: str) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC).isoformat()
    row: dict[str, Any] = {
        "customer_id": customer_id,
        "full_name": name,
        "category": "",
        "form": "{}",
        "mnemonic": "",
        "incomplete": "[]",
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"INSERT INTO customer ({names}) VALUES ({values})"), row)  # noqa: S608
