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
from tests.acceptance.actions import Company, table

NEW_NAME = "重庆大江物流有限公司"
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


def renamed(company: Company) -> str:
    customer_id = company.acquire("li")
    company.supplement("chen", customer_id, "更名", full_name=NEW_NAME)
    return customer_id


def test_a_customer_is_found_by_its_former_name_which_keeps_nobody_out(company: Company) -> None:
    customer_id = renamed(company)
    (found,) = company.check("li", NAMES["c1"]).hits
    assert (found.customer_id, found.full_name) == (customer_id, NEW_NAME)
    assert found.grade == c.DUPLICATE_GRADE_LIKELY
    told = {reason.code: reason for reason in found.reasons}
    assert NAMES["c1"] in told["FORMER_NAME"].zh
    assert NAMES["c1"] in told["FORMER_NAME"].en
    (now,) = company.check("li", NEW_NAME).hits
    assert now.grade == c.DUPLICATE_GRADE_SAME
    assert "FORMER_NAME" not in [reason.code for reason in now.reasons]
    company.pool_customer(NAMES["c1"])
    grades = [hit.grade for hit in company.check("chen", NAMES["c1"]).hits]
    assert grades == [c.DUPLICATE_GRADE_SAME, c.DUPLICATE_GRADE_LIKELY]


def test_who_may_not_see_the_customer_learns_no_former_name(company: Company) -> None:
    renamed(company)
    (found,) = company.check("wang", NAMES["c1"]).hits
    assert found.masked
    told = next(reason for reason in found.reasons if reason.code == "FORMER_NAME")
    assert NAMES["c1"] not in told.zh + told.en
    assert "****" in told.zh


def test_a_name_that_comes_back_is_known_once(company: Company) -> None:
    customer_id = renamed(company)
    company.supplement("chen", customer_id, "更正", full_name=NAMES["c1"])
    company.supplement("chen", customer_id, "更名", full_name=NEW_NAME)
    assert len(table(company.platform, "customers", "known_name")) == 2
    (found,) = company.check("li", NEW_NAME).hits
    assert found.grade == c.DUPLICATE_GRADE_SAME


def test_customers_of_before_the_migration_are_found() -> None:
    parts = assemble(CUSTOMERS, "sqlite://")
    with parts.database.engine.begin() as connection:
        config = configure(CUSTOMERS.migrations)
        metadata = [tables.metadata, CUSTOMERS.metadata]
        config.attributes |= {"connection": connection, "metadata": metadata}
        command.upgrade(config, "customers_0003")
        for customer_id, name in NAMES.items():
            insert_before(connection, customer_id, name)
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


def insert_before(connection: sa.Connection, customer_id: str, name: str, form: str = "{}") -> None:
    """Insert a customer as releases of before did."""
    now = datetime(2026, 3, 1, tzinfo=UTC).isoformat()
    row: dict[str, Any] = {
        "customer_id": customer_id,
        "full_name": name,
        "category": "",
        "form": form,
        "mnemonic": "",
        "incomplete": "[]",
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"INSERT INTO customer ({names}) VALUES ({values})"), row)  # noqa: S608
