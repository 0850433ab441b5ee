"""What a duplicate check asks of the database: one statement, and one to keep what it told."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as c

from services.customers.store.piece_sizes import FREQUENT, LASTS, PieceSizes
from tests.acceptance.actions import Company, table
from tests.builders import variant
from tests.platform import haixin
from tests.refusals import refused
from tests.system.plugin import NewDatabase

NAME = "成都蓝海科技有限公司"


@contextmanager
def statements(company: Company) -> Iterator[list[str]]:
    """Note the first word of every statement that customers sends, BEGIN among them."""
    engine = company.platform.parts["customers"].database.engine
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement.split(maxsplit=1)[0])

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def ask_once(company: Company, name: str) -> c.DuplicateCheck:
    """Check without a request id: a repetition would be another check."""
    platform = company.platform
    metadata = [("authorization", f"Bearer {platform.token(platform.people['li'])}")]
    request = c.CheckDuplicatesRequest(full_name=name)
    answer: c.CheckDuplicatesResponse = platform.customers.CheckDuplicates(
        request, metadata=metadata
    )
    return answer.duplicate_check


def test_one_statement_finds_and_one_keeps(company: Company) -> None:
    company.pool_customer(NAME)
    company.check("li", NAME)
    with statements(company) as sent:
        assert ask_once(company, NAME).hits[0].full_name == NAME
    assert sent == ["WITH", "INSERT"]


def test_a_policy_that_came_into_force_holds_for_the_next_check(company: Company) -> None:
    company.pool_customer(NAME)
    assert company.check("li", NAME).hits
    company.platform.apply(variant(haixin(), company.platform.now, duplicate__hits_shown=0))
    with statements(company) as sent:
        assert not ask_once(company, NAME).hits
    assert sent.count("WITH") == 2
    with statements(company) as sent:
        assert not ask_once(company, NAME).hits
    assert sent == ["WITH", "INSERT"]


def test_whoever_a_new_policy_lets_check_is_not_refused_by_the_one_before(
    company: Company,
) -> None:
    old, new = deepcopy(haixin()), haixin()
    grants = old.sections["customers"].rules["access"]["check_duplicates"]["grants"]
    grants[:] = [grant for grant in grants if grant["role"] != "sales_rep"]
    company.platform.apply(old, company.platform.now)
    assert refused(ask_once, company, NAME).reason == "FORBIDDEN"
    company.platform.now += timedelta(minutes=1)
    company.platform.apply(new, company.platform.now + timedelta(minutes=1))
    assert refused(ask_once, company, NAME).reason == "FORBIDDEN"
    company.platform.now += timedelta(minutes=1)
    assert ask_once(company, NAME).full_name == NAME


def test_the_sizes_of_frequent_pieces_are_counted_once_an_hour() -> None:
    sizes, now = PieceSizes(), datetime(2026, 3, 2, tzinfo=UTC)
    assert sizes.recall([1, 2], now) == {1: 0, 2: 0}
    sizes.learn({"1": FREQUENT, "2": FREQUENT - 1}, now)
    assert sizes.recall([1, 2], now + LASTS) == {1: FREQUENT, 2: 0}
    assert sizes.recall([1], now + LASTS * 1.01) == {1: 0}


def test_what_is_remembered_hides_no_name_that_was_just_committed(company: Company) -> None:
    for number in range(FREQUENT + 2):
        company.pool_customer(f"成都蓝海{number}号科技有限公司")
    company.check("li", "蓝海科技")
    company.pool_customer("重庆蓝海渔业有限公司")
    found = company.check("li", "蓝海渔业").hits
    assert "重庆蓝海渔业有限公司" in [hit.full_name for hit in found]


def test_on_postgresql_the_answer_of_a_request_is_kept_in_the_same_statement(
    postgres_url: NewDatabase,
) -> None:
    company = Company(urls={"customers": postgres_url("customers")})
    company.pool_customer(NAME)
    company.check("li", NAME)
    call = company.platform.customers.CheckDuplicates
    request = c.CheckDuplicatesRequest(full_name=NAME, request_id="once")
    with statements(company) as sent:
        first = company.call("li", call, request)
    assert sent == ["WITH", "WITH"]
    assert first.duplicate_check.hits[0].full_name == NAME
    assert company.call("li", call, request) == first
    request.full_name = "绵阳红山餐饮有限公司"
    assert refused(company.call, "li", call, request).reason == "REQUEST_ID_REUSED"
    assert len(table(company.platform, "customers", "duplicate_check")) == 2
    company.platform.parts["customers"].database.close()
