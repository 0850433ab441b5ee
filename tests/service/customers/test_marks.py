"""Customers are found by credit code, telephone, address and people, as policy weighs them."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from crm.customers.v1 import customers_pb2 as c

from chassis import tables
from chassis.migrations import configure, upgrade
from chassis.service import assemble
from services.customers.parts import CUSTOMERS
from services.customers.store.near_names import SHARED
from services.customers.store.tables import known_mark
from tests.acceptance.actions import Company
from tests.builders import company_name, form
from tests.refusals import refused
from tests.service.customers.test_index import insert_before
from tests.system.plugin import NewDatabase

CODE, OTHER_CODE = "91510100MA61U7JQ48", "91110000MA01B2C3D7"
NAME, OTHER = "成都蓝海科技有限公司", "绵阳红山餐饮有限公司"
BRANCH = "成都蓝海科技有限公司绵阳分公司"
ADDRESS = "绵阳市红山路9号红山大厦1203室"
MARKED: dict[str, Any] = {
    "unified_credit_code": CODE,
    "phones": ["0816-2345678", "13900139000"],
    "business_address": ADDRESS,
    "hr_lead": "李红梅",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest) -> Iterator[Company]:
    """A company whose customers lie in either database."""
    if request.param == "sqlite":
        yield Company()
        return
    new_database: NewDatabase = request.getfixturevalue("postgres_url")
    company = Company(urls={"customers": new_database("customers")})
    yield company
    company.platform.parts["customers"].database.close()


def check(company: Company, full_name: str = NAME, who: str = "li", **known: Any) -> list[Any]:
    request = c.CheckDuplicatesRequest(full_name=full_name, **known)
    method = company.platform.customers.CheckDuplicates
    return list(company.call(who, method, request).duplicate_check.hits)


def codes(hit: c.DuplicateHit) -> list[str]:
    return [reason.code for reason in hit.reasons]


@pytest.mark.parametrize(
    ("known", "grade", "code"),
    [
        ({"unified_credit_code": CODE}, c.DUPLICATE_GRADE_SAME, "CREDIT_CODE_EQUAL"),
        ({"phones": ["0816-2345678转8"]}, c.DUPLICATE_GRADE_SIMILAR, "PHONE_EQUAL"),
        ({"business_address": f"{ADDRESS}。"}, c.DUPLICATE_GRADE_SIMILAR, "ADDRESS_EQUAL"),
    ],
)
def test_a_customer_of_another_name_is_found(
    anywhere: Company, known: dict[str, Any], grade: int, code: str
) -> None:
    customer_id = anywhere.pool_customer(OTHER, **MARKED)
    assert not check(anywhere)
    (found,) = check(anywhere, **known)
    assert (found.customer_id, found.grade) == (customer_id, grade)
    assert code in codes(found)
    request = c.BatchCheckDuplicatesRequest(names=[c.NameToCheck(full_name=NAME, **known)])
    method = anywhere.platform.customers.BatchCheckDuplicates
    (batched,) = anywhere.call("li", method, request).duplicate_checks
    assert list(batched.hits) == [found]


def test_a_person_alone_brings_nobody_up_but_adds_to_a_name(anywhere: Company) -> None:
    anywhere.pool_customer("成都蓝天科技有限公司", **MARKED)
    (plain,) = check(anywhere)
    (known,) = check(anywhere, hr_lead="李红梅")
    assert known.score == pytest.approx(plain.score + 10, abs=0.2)
    assert codes(known)[-1] == "CONTACT_EQUAL"
    assert not check(anywhere, "昆明鸟语花香园艺有限公司", hr_lead="李红梅")


def test_what_very_many_share_tells_nothing(anywhere: Company) -> None:
    rows = [form(company_name(number), phones=["13900139000"]) for number in range(SHARED)]
    anywhere.enter_pool(*rows)
    asked = {"full_name": "昆明鸟语花香园艺有限公司", "phones": ["13900139000"]}
    assert {codes(hit)[-1] for hit in check(anywhere, **asked)} == {"PHONE_EQUAL"}
    anywhere.enter_pool(form(company_name(9999), phones=["13900139000"]))
    assert not check(anywhere, **asked)


def test_marks_follow_corrections(anywhere: Company) -> None:
    customer_id = anywhere.pool_customer(OTHER, **MARKED)
    anywhere.supplement("chen", customer_id, "换号", phones=["13700137000"])
    assert not check(anywhere, phones=["13900139000"])
    assert [hit.customer_id for hit in check(anywhere, phones=["13700137000"])] == [customer_id]


def test_nothing_of_a_hidden_customer_is_told(company: Company) -> None:
    held = company.acquire("li", form(OTHER, **MARKED))
    (found,) = check(company, who="wang", **{**MARKED, "unified_credit_code": ""})
    assert found.masked
    assert held not in str(found)
    assert "李红梅" not in str(found)
    assert "2345678" not in str(found)


def test_a_code_that_a_customer_has_is_not_registered_again(company: Company) -> None:
    company.pool_customer(OTHER, **MARKED)
    told = refused(company.submit, "li", form(NAME, unified_credit_code=CODE))
    assert told.reason == "DUPLICATE"
    assert OTHER in told.zh
    assert company.submit("li", form(NAME, unified_credit_code=OTHER_CODE)).case.case_id


def test_the_first_of_two_applications_with_one_code_is_registered(company: Company) -> None:
    first = company.submit("li", form(OTHER, **MARKED)).case.case_id
    second = company.submit("wang", form(NAME, unified_credit_code=CODE)).case.case_id
    assert company.approve(first).customer_id
    assert not company.approve(second).customer_id


def test_imports_refuse_a_code_that_is_there_but_for_another_branch(company: Company) -> None:
    company.pool_customer(NAME, unified_credit_code=CODE)
    names = (OTHER, BRANCH, "昆明鸟语花香园艺有限公司", "成都红岩科技有限公司")
    wanted = (CODE, CODE, OTHER_CODE, OTHER_CODE)
    rows = [
        c.CustomerForm(full_name=name, unified_credit_code=code)
        for name, code in zip(names, wanted, strict=True)
    ]
    method = company.platform.customers.ImportCustomers
    answer = company.call("zhou", method, c.ImportCustomersRequest(rows=rows)).rows
    refusals = [[item.reason for item in row.refusals] for row in answer]
    assert refusals == [["CREDIT_CODE_TAKEN"], [], [], ["CREDIT_CODE_TAKEN"]]
    assert NAME in answer[0].refusals[0].zh


def test_no_correction_takes_the_code_of_another(company: Company) -> None:
    company.pool_customer(OTHER, **MARKED)
    mine = company.acquire("li", form(NAME))
    told = refused(company.supplement, "li", mine, "补充", unified_credit_code=CODE)
    assert told.reason == "DUPLICATE"
    company.supplement("li", mine, "补充", unified_credit_code=OTHER_CODE)
    company.supplement("li", mine, "更正", hr_lead="李红")
    found = check(company, f"{NAME[:-4]}公司", unified_credit_code=CODE)
    (known,) = [hit for hit in found if hit.customer_id == mine]
    assert known.grade == c.DUPLICATE_GRADE_SIMILAR
    assert "CREDIT_CODE_DIFFERS" in codes(known)


def test_customers_of_before_the_migration_have_marks() -> None:
    parts = assemble(CUSTOMERS, "sqlite://")
    with parts.database.engine.begin() as connection:
        config = configure(CUSTOMERS.migrations)
        metadata = [tables.metadata, CUSTOMERS.metadata]
        config.attributes |= {"connection": connection, "metadata": metadata}
        command.upgrade(config, "customers_0007")
        insert_before(connection, "c1", NAME, '{"phones": ["13900139000"], "hr_lead": "李红梅"}')
    upgrade(parts.database, CUSTOMERS.migrations, CUSTOMERS.metadata)
    with parts.database.engine.connect() as connection:
        found = connection.execute(sa.select(known_mark.c.mark)).scalars()
        assert set(found) == {"phone:13900139000", "contact:李红梅"}
    parts.database.close()
