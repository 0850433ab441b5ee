"""H-2: what the public pool and a private library are."""

from datetime import UTC, datetime

import pytest
from crm.customers.v1 import customers_pb2 as c
from crm.ownership.v1 import ownership_pb2 as h
from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import Company, table
from tests.builders import BLUE_SEA, company_name, form
from tests.refusals import refused

OTHER = company_name(1)


def test_H_2_1a_a_customer_without_holder_is_in_the_pool(company: Company) -> None:
    customer = company.pool_customer()
    for rep in ("li", "wang", "zhao"):
        assert company.pool(rep) == [customer]
    case = company.claim("li", customer)
    assert company.pool("wang") == [customer]
    company.approve(case.case_id)
    assert company.pool("wang") == []
    assert company.position(customer).holder_id == "li"


def test_H_2_1a_only_customer_service_enters_the_pool(company: Company) -> None:
    request = c.ImportCustomersRequest(rows=[c.CustomerForm(full_name=BLUE_SEA)])
    told = refused(company.call, "li", company.platform.customers.ImportCustomers, request)
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-2.1a")
    assert company.pool("li") == []


def test_H_2_1b_every_rep_may_claim(company: Company) -> None:
    customers = [company.pool_customer(company_name(number)) for number in (1, 2, 3)]
    for rep, customer in zip(("li", "wang", "zhao"), customers, strict=True):
        assert company.claim(rep, customer).state == r.CASE_STATE_OPEN
    assert [case.case_type for case in company.queue("zhou")] == ["pool_claim"] * 3


@pytest.mark.parametrize("who", ["zhou", "sun"])
def test_H_2_1b_others_may_not(company: Company, who: str) -> None:
    customer = company.pool_customer()
    told = refused(company.claim, who, customer)
    assert told.code == "PERMISSION_DENIED"
    assert "H-2.1b" in told.clause
    assert company.queue("zhou") == []
    assert not company.position(customer).in_case


def test_H_2_1c_a_release_waits_for_the_supervisor(company: Company) -> None:
    customer = company.acquire("li")
    case_id = company.ask_release("li", customer)
    assert list(company.library("li")) == [customer]
    assert [case.case_id for case in company.queue("sun")] == [case_id]
    assert company.approve(case_id, "sun").state == r.CASE_STATE_DONE
    assert company.library("li") == {}
    assert company.quota("li").used_count == 0


def test_H_2_1c_without_consent_it_stays_with_the_rep(company: Company) -> None:
    customer = company.acquire("li")
    case = company.reject(company.ask_release("li", customer), "再跟进一个月", "sun")
    assert case.state == r.CASE_STATE_REJECTED
    assert list(company.library("li")) == [customer]
    assert table(company.platform, "ownership", "release") == []


def test_H_2_1c_only_the_supervisor_of_the_group_consents(company: Company) -> None:
    company.platform.hire("qian", "钱主管", ["supervisor"], team="2")
    case_id = company.ask_release("li", company.acquire("li"))
    for who in ("qian", "zhou", "wang", "li"):
        told = refused(company.take, who, case_id)
        assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-2.1c")
    assert company.queue("qian") == []


def test_H_2_2a_under_three_months_300(company: Company) -> None:
    company.holds("li", 299)
    case = company.claim("li", company.pool_customer())
    assert company.quota("li").reserved_count == 1
    company.approve(case.case_id)
    quota = company.quota("li")
    assert (quota.used_count, quota.limit_count, quota.left_count) == (300, 300, 0)
    assert quota.clause == "H-2.2a"

    another = company.pool_customer(OTHER)
    told = refused(company.claim, "li", another)
    assert (told.code, told.reason, told.clause) == ("FAILED_PRECONDITION", "QUOTA_FULL", "H-2.2a")
    assert "Quota 300 reached" in told.en
    assert company.pool("li") == [another]


def test_H_2_2a_a_reserved_slot_is_not_given_twice(company: Company) -> None:
    company.holds("li", 299)
    company.claim("li", company.pool_customer())
    told = refused(company.submit, "li", form(OTHER))
    assert told.reason == "QUOTA_FULL"
    assert (told.figures["used"], told.figures["reserved"]) == ("299", "1")


def test_H_2_2b_three_months_or_more_250(company: Company) -> None:
    company.holds("wang", 250)
    told = refused(company.claim, "wang", company.pool_customer())
    assert (told.reason, told.clause) == ("QUOTA_FULL", "H-2.2b")
    assert "Quota 250 reached" in told.en


@pytest.mark.parametrize(
    ("now", "limit", "clause"),
    [
        ("2026-03-01T15:59:59", 300, "H-2.2a"),
        ("2026-03-01T16:00:00", 250, "H-2.2b"),
    ],
    ids=["the last second before", "the day three months are complete"],
)
def test_H_2_2b_begins_at_midnight_in_shanghai(
    company: Company, now: str, limit: int, clause: str
) -> None:
    company.platform.now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    quota = company.quota("wang")
    assert (quota.limit_count, quota.clause) == (limit, clause)


def test_H_2_2b_what_is_held_above_a_lowered_limit_stays(company: Company) -> None:
    company.holds("li", 280)
    company.platform.now = datetime(2026, 4, 15, 1, tzinfo=UTC)
    quota = company.quota("li")
    assert (quota.limit_count, quota.used_count, quota.left_count) == (250, 280, 0)
    assert refused(company.claim, "li", company.pool_customer()).clause == "H-2.2b"
    assert len(company.library("li")) == 200  # a page: nothing was taken away
    company.release("li", company_in_library(company, "li"))
    assert company.quota("li").used_count == 279
    assert refused(company.claim, "li", company.pool_customer(OTHER)).clause == "H-2.2b"


def company_in_library(company: Company, who: str) -> str:
    """Return a customer of a full library that customers knows as well, put there at its cost."""
    held = table(company.platform, "ownership", "position")
    victim = next(row["customer_id"] for row in held if row["holder_id"] == who)
    parts = company.platform.parts
    stored = parts["customers"].service.metadata.tables

    def put(connection: object) -> None:
        now = company.platform.now
        connection.execute(  # type: ignore[attr-defined]
            stored["customer"].insert(),
            {
                "customer_id": victim,
                "full_name": victim,
                "category": "intended",
                "form": {"full_name": victim},
                "mnemonic": "",
                "incomplete": [],
                "version": 1,
                "created_at": now,
                "updated_at": now,
            },
        )
        connection.execute(  # type: ignore[attr-defined]
            stored["custody"].insert(),
            {
                "customer_id": victim,
                "location": "private_library",
                "holder_id": who,
                "sequence": 0,
            },
        )

    parts["customers"].database.run(put)
    return str(victim)


def test_H_2_2c_ka_330_whatever_the_tenure(company: Company) -> None:
    company.holds("zhao", 329)
    company.approve(company.claim("zhao", company.pool_customer()).case_id)
    quota = company.quota("zhao")
    assert (quota.used_count, quota.limit_count, quota.clause) == (330, 330, "H-2.2c")
    told = refused(company.claim, "zhao", company.pool_customer(OTHER))
    assert (told.reason, told.clause) == ("QUOTA_FULL", "H-2.2c")
    company.platform.hire("hu", "胡新", hired="2026-02-20", department="KA")
    assert company.quota("hu").limit_count == 330


def test_H_2_2d_online_members_do_not_count(company: Company) -> None:
    company.holds("wang", 249, online=40)
    company.approve(company.claim("wang", company.pool_customer()).case_id)
    quota = company.quota("wang")
    assert (quota.used_count, quota.uncounted_count, quota.left_count) == (250, 40, 0)


def test_H_2_2d_an_online_member_enters_a_full_library(company: Company) -> None:
    company.holds("wang", 250)
    assert refused(company.claim, "wang", company.pool_customer()).reason == "QUOTA_FULL"
    online = company.pool_customer(OTHER, category="online")
    company.approve(company.claim("wang", online).case_id)
    assert company.position(online).holder_id == "wang"
    assert not company.position(online).counted
    assert company.quota("wang").used_count == 250


def test_H_2_2d_a_rep_does_not_make_members(company: Company) -> None:
    told = refused(company.submit, "li", form(OTHER, category="online"))
    assert (told.reason, told.clause) == ("CATEGORY_RESERVED", "H-2.2d, H-2.2e")
    pooled = company.pool_customer()
    assert refused(company.claim, "li", pooled, category="online").reason == "CATEGORY_RESERVED"
    held = company.acquire("li", form(OTHER))
    told = refused(company.supplement, "li", held, "会员", category="online")
    assert told.reason == "CATEGORY_RESERVED"
    company.supplement("zhou", held, "会员", category="online")
    company.settle()
    assert company.quota("li").used_count == 0
    told = refused(company.supplement, "li", held, "过期", category="intended")
    assert told.reason == "CATEGORY_RESERVED"


def test_H_2_2e_a_library_takes_no_customer_without_category(company: Company) -> None:
    customer = company.pool_customer(category=None)
    told = refused(company.claim, "li", customer)
    assert (told.reason, told.clause) == ("CATEGORY_NOT_ALLOWED", "H-2.2e")
    company.settle()
    told = refused(company.submit, "li", form(OTHER, category=None))
    assert told.fields == {"category": ["CATEGORY_NOT_ALLOWED"]}
    assert "H-2.2e" in told.clause
    assert company.library("li") == {}


@pytest.mark.parametrize("category", ["intended", "expired_member", "online"])
def test_H_2_2e_the_three_categories_enter(company: Company, category: str) -> None:
    customer = company.pool_customer(category=None)
    company.supplement("zhou", customer, "客户类别", category=category)
    company.settle()
    company.approve(company.claim("li", customer).case_id)
    assert company.library("li")[customer].category == category


def test_H_2_2f_the_holder_sees_everything(company: Company) -> None:
    customer = company.acquire("li")
    seen = company.customer("li", customer)
    assert seen.form.full_name == BLUE_SEA
    assert list(seen.form.phones) == ["028-85123456", "13800138000"]
    assert not seen.masked


@pytest.mark.parametrize("who", ["wang", "zhao"])
def test_H_2_2f_another_rep_sees_nothing(company: Company, who: str) -> None:
    customer = company.acquire("li")
    told = refused(company.customer, who, customer)
    assert told.code == "PERMISSION_DENIED"
    assert told.clause == "H-2.2f"
    for value in (BLUE_SEA, "永丰路", "代春燕", "85123456", "13800138000", "李雷"):
        assert value not in told.text
    listed = company.call(who, company.platform.customers.ListCustomers, c.ListCustomersRequest())
    assert len(listed.customers) == 0
    request = h.ListLibraryRequest(staff_id="li")
    told = refused(company.call, who, company.platform.ownership.ListLibrary, request)
    assert told.clause == "H-2.2f"


def test_H_2_2f_superiors_and_customer_service_read_and_it_is_logged(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    company.platform.hire("qian", "钱主管", ["supervisor"], team="2")
    customer = company.acquire("li")
    for who in ("sun", "zhou"):
        assert company.customer(who, customer).form.full_name == BLUE_SEA
    readers = [vars(record).get("reader") for record in caplog.records]
    assert [reader for reader in readers if reader] == ["sun", "zhou"]
    assert refused(company.customer, "qian", customer).clause == "H-2.2f"


def test_H_2_2g_another_rep_may_not_claim(company: Company) -> None:
    customer = company.acquire("li")
    told = refused(company.claim, "wang", customer)
    assert (told.code, told.reason) == ("FAILED_PRECONDITION", "ALREADY_PROTECTED")
    assert told.clause == "H-2.2g"
    assert "already protected" in told.en
    assert BLUE_SEA not in told.text
    company.settle()
    assert company.position(customer).holder_id == "li"
    assert company.quota("wang").reserved_count == 0
