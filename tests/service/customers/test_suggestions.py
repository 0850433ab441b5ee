"""Customers while somebody types: found by every beginning and part; nothing that is hidden."""

from typing import Any

import pytest
from crm.customers.v1 import customers_pb2 as c

from tests.acceptance.actions import Company
from tests.builders import company_name, form
from tests.refusals import refused
from tests.system.plugin import NewDatabase

BLUE = "成都蓝海科技有限公司"
RED = "绵阳红岩餐饮有限公司"
LATIN = "Wonder Works（成都）有限公司"


def suggest(company: Company, who: str, query: str, size: int = 0) -> c.SuggestCustomersResponse:
    request = c.SuggestCustomersRequest(query=query, page_size=size)
    answer: c.SuggestCustomersResponse = company.call(
        who, company.platform.customers.SuggestCustomers, request
    )
    return answer


def names(company: Company, who: str, query: str, size: int = 0) -> list[str]:
    return [one.full_name for one in suggest(company, who, query, size).suggestions]


@pytest.mark.parametrize(
    "typed",
    [
        *("成", "成都", "成都蓝", BLUE[:8], BLUE, "  成都 蓝海", "成都藍海", "（成都）蓝海"),
        *("蓝", "蓝海", "蓝海科", "蓝海科技有", "蓝海科技有限公", "海科", "海科技", "都蓝"),
        *("l", "lh", "lhk", "lhkj", "LHKJ", "cdlh", "cdlhkj", "cd lhkj"),
        *("lan", "lanh", "lan'hai", "lan hai ke", "lanhaikeji", "chengdulan", "ｌａｎ"),
    ],
)
@pytest.mark.parametrize("who", ["li", "zhou"])
def test_a_customer_is_found_by_what_is_typed_of_it(company: Company, typed: str, who: str) -> None:
    company.pool_customer(BLUE)
    company.pool_customer(RED)
    assert names(company, who, typed) == [BLUE]


@pytest.mark.parametrize("typed", ["wo", "wonder w", "wonderworks", "rwor", "成都won"])
def test_a_foreign_name_is_found_by_its_letters(company: Company, typed: str) -> None:
    company.pool_customer(LATIN)
    company.pool_customer(RED)
    assert names(company, "li", typed) == [LATIN]


@pytest.mark.parametrize("typed", ["青", "蓝天", "技蓝", "lhjk", "x", "（）", "%", "_", "🐳", "\\"])
def test_what_nobody_is_called_finds_nothing(company: Company, typed: str) -> None:
    company.pool_customer(BLUE)
    assert names(company, "zhou", typed) == []


@pytest.mark.parametrize("typed", ["蓝海", "lhkj", "海科", "chengdulan", BLUE])
def test_a_library_is_seen_by_whom_the_rules_name(company: Company, typed: str) -> None:
    held = company.acquire("li", form(BLUE))
    for who, seen in {"li": 1, "wang": 0, "zhao": 0, "sun": 1, "zhou": 1}.items():
        found = suggest(company, who, typed).suggestions
        assert len(found) == seen, who
        assert all((one.customer_id, one.holder_id) == (held, "li") for one in found)


def test_ones_own_customers_come_before_the_pool(company: Company) -> None:
    pooled = ["成都蓝海一建有限公司", "成都蓝海餐饮有限公司"]
    for name in pooled:
        company.pool_customer(name)
    own = "绵阳蓝海国际工程咨询有限公司"
    company.acquire("li", form(own))
    assert names(company, "li", "蓝海") == [own, *sorted(pooled)]
    assert names(company, "wang", "蓝海") == sorted(pooled)


def test_at_most_twenty_are_told_and_that_there_are_more(company: Company) -> None:
    company.enter_pool(*(form(company_name(number)) for number in range(1, 26)))
    for size, told in ((0, 10), (7, 7), (20, 20), (500, 20)):
        found = suggest(company, "li", "成都天府", size)
        assert (len(found.suggestions), found.more) == (told, True)
    assert not suggest(company, "li", "成都天府天府天府锦江").more


def test_a_renamed_customer_is_suggested_by_the_name_that_it_had(company: Company) -> None:
    customer = company.pool_customer(BLUE)
    company.supplement("zhou", customer, "更名", full_name=RED)
    for query in ("lhkj", "蓝海"):
        (found,) = suggest(company, "li", query).suggestions
        assert (found.full_name, found.known_as) == (RED, BLUE)
    (now,) = suggest(company, "li", "hycy").suggestions
    assert (now.full_name, now.known_as) == (RED, "")


@pytest.mark.parametrize("query", ["", "字" * 101, "a\x00b"])
def test_what_cannot_be_typed_is_refused(company: Company, query: str) -> None:
    request: Any = c.SuggestCustomersRequest(query=query)
    told = refused(company.call, "li", company.platform.customers.SuggestCustomers, request)
    assert (told.code, list(told.fields)) == ("INVALID_ARGUMENT", ["query"])


def test_suggestions_are_the_same_on_postgresql(postgres_url: NewDatabase) -> None:
    company = Company(urls={name: postgres_url(name) for name in ("customers", "ownership")})
    company.pool_customer(BLUE)
    company.pool_customer(RED)
    for who in ("li", "sun", "zhou"):
        for typed in ("成都", "海科", "蓝海科技有", "lhkj", "chengdulan", "都蓝海科技"):
            assert names(company, who, typed) == [BLUE], (who, typed)
    for parts in company.platform.parts.values():
        parts.database.close()
