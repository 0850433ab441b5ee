"""H-6.7: what becomes of customers that reps give up."""

from datetime import timedelta

import pytest
from crm.customers.v1 import customers_pb2 as c
from crm.ownership.v1 import ownership_pb2 as h
from crm.review.v1 import review_pb2 as r
from google.protobuf import json_format

from tests.acceptance.actions import Company, table
from tests.builders import company_name, form, variant
from tests.platform import MONDAY, haixin
from tests.refusals import refused

AWAITING, POOL = h.LOCATION_AWAITING_DISTRIBUTION, h.LOCATION_PUBLIC_POOL


def test_H_6_7a_what_is_given_up_goes_to_customer_service(company: Company) -> None:
    customer = company.acquire("li")
    company.release("li", customer)
    position = company.position(customer, "zhou")
    assert (position.location, position.holder_id) == (AWAITING, "")
    assert company.pool("wang") == []
    (decision,) = [d for d in company.decisions("ownership", customer) if d.action == "released"]
    assert "H-6.7a" in decision.clause


def test_H_6_7a_no_rep_hands_it_to_a_colleague(company: Company) -> None:
    customer = company.acquire("li")
    company.release("li", customer)
    told = refused(company.claim, "wang", customer)
    assert (told.reason, told.clause) == ("NOT_IN_POOL", "H-6.7a")
    for who in ("li", "wang"):
        assert refused(company.position, customer, who).code == "PERMISSION_DENIED"
        assert refused(company.customer, who, customer).code == "PERMISSION_DENIED"
    services = h.DESCRIPTOR.services_by_name.values()
    methods = [method.name for service in services for method in service.methods]
    assert not [name for name in methods if "Transfer" in name or "Assign" in name]


def test_H_6_7b_the_mark_of_today_opens_a_release_request(company: Company) -> None:
    customer = company.acquire("li")
    answer = company.mark("li", customer, "20260302删除")
    assert answer.release_requested
    assert answer.customer.mnemonic == "20260302删除"
    company.settle()
    (case,) = company.queue("sun")
    assert (case.case_type, case.customer_id, case.applicant_id) == ("release", customer, "li")


@pytest.mark.parametrize(
    "mark",
    [
        "20091332删除",
        "20090413删除",
        "20260301删除",
        "20260303删除",
        "2026-03-01删除",
        "260302删除",
    ],
)
def test_H_6_7b_another_days_date_is_no_mark(company: Company, mark: str) -> None:
    customer = company.acquire("li")
    told = refused(company.mark, "li", customer, mark)
    assert (told.reason, told.clause) == ("RELEASE_MARK_DATE", "H-6.7b")
    assert told.figures["expected"] == "20260302删除"
    company.settle()
    assert company.queue("sun") == []
    assert company.customer("li", customer).mnemonic == ""


def test_H_6_7b_an_ordinary_mnemonic_asks_for_nothing(company: Company) -> None:
    customer = company.acquire("li")
    for text in ("蓝海", "周三回访", "删除重复电话"):
        assert not company.mark("li", customer, text).release_requested
    company.settle()
    assert company.queue("sun") == []


def test_H_6_7b_the_day_is_that_of_shanghai(company: Company) -> None:
    customer = company.acquire("li")
    company.platform.now = MONDAY.replace(hour=16, minute=0)
    assert refused(company.mark, "li", customer, "20260302删除").reason == "RELEASE_MARK_DATE"
    assert company.mark("li", customer, "20260303删除").release_requested


def test_H_6_7b_the_holder_is_told_the_mark_of_today(company: Company) -> None:
    customer = company.acquire("li")
    request = c.GetCustomerRequest(customer_id=customer)
    read = company.platform.customers.GetCustomer
    mark = company.call("li", read, request).release_mark
    assert mark == "20260302删除"
    assert company.call("zhou", read, request).release_mark == ""
    company.platform.now = MONDAY.replace(hour=16, minute=0)
    assert company.call("li", read, request).release_mark == "20260303删除"
    assert company.mark("li", customer, "20260303删除").release_requested


@pytest.mark.parametrize("who", ["wang", "zhou", "sun"])
def test_H_6_7b_only_the_holder_marks(company: Company, who: str) -> None:
    customer = company.acquire("li")
    told = refused(company.mark, who, customer, "20260302删除")
    assert told.code == "PERMISSION_DENIED"
    assert told.clause
    company.settle()
    assert company.queue("sun") == []


def test_H_6_7b_no_other_way_asks_for_a_release(company: Company) -> None:
    request = r.SubmitCaseRequest(case_type="release", customer_id=company.acquire("li"))
    told = refused(company.call, "li", company.platform.review.SubmitCase, request)
    assert told.reason == "CASE_OPENS_BY_ITSELF"
    assert "H-2.1c" in told.clause


def pooled_by(company: Company, *reps: str) -> str:
    """Let reps give one customer up, each after another, while policy sends it back to the pool."""
    to_pool = variant(haixin(), release__route="public_pool")
    company.platform.apply(to_pool, company.platform.now)
    customer = company.pool_customer()
    for rep in reps:
        company.approve(company.claim(rep, customer).case_id)
        company.release(rep, customer)
        company.platform.now += timedelta(days=1)
    company.platform.apply(haixin(), company.platform.now)
    return customer


def statistics(company: Company, who: str = "zhou") -> list[h.ReleasedCustomer]:
    request = h.ListReleasedCustomersRequest()
    method = company.platform.ownership.ListReleasedCustomers
    return list(company.call(who, method, request).customers)


def test_H_6_7g_releases_are_counted_with_names_and_dates(company: Company) -> None:
    customer = pooled_by(company, "li", "wang")
    (line,) = statistics(company)
    assert (line.customer_id, line.releaser_count) == (customer, 2)
    assert [
        (item.display_name, item.release_time.ToJsonString()[:10]) for item in line.releases
    ] == [
        ("李雷", "2026-03-02"),
        ("王芳", "2026-03-03"),
    ]


@pytest.mark.parametrize("who", ["li", "wang", "sun"])
def test_H_6_7g_the_statistics_are_customer_services(company: Company, who: str) -> None:
    pooled_by(company, "li")
    told = refused(statistics, company, who)
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.7g")


def test_H_6_7h_the_third_releaser_sends_it_to_the_pool(company: Company) -> None:
    company.platform.hire("ma", "马丽")
    customer = pooled_by(company, "li", "wang")
    company.approve(company.claim("ma", customer).case_id)
    company.release("ma", customer)
    position = company.position(customer)
    assert (position.location, position.releaser_count) == (POOL, 3)
    assert customer in company.pool("zhao")
    (decision,) = [d for d in company.decisions("ownership", customer) if "H-6.7h" in d.clause]
    assert decision.action == "released"
    assert json_format.MessageToDict(decision.facts)["releasers"] == ["li", "ma", "wang"]


def test_H_6_7h_the_holder_sees_before_where_it_would_go(company: Company) -> None:
    company.platform.hire("ma", "马丽")
    customer = pooled_by(company, "li", "wang")
    company.approve(company.claim("ma", customer).case_id)
    request = h.PreviewReleaseRequest(customer_id=customer)
    ask = company.platform.ownership.PreviewRelease
    preview = company.call("ma", ask, request)
    assert (preview.allowed, preview.to_location, preview.releaser_count) == (True, POOL, 3)
    assert preview.clause == "H-6.7h"
    company.release("ma", customer)
    assert company.position(customer).location == preview.to_location


def test_H_6_7a_a_release_waits_with_customer_service_and_that_is_told_before(
    company: Company,
) -> None:
    customer = company.acquire("li")
    ask = company.platform.ownership.PreviewRelease
    preview = company.call("li", ask, h.PreviewReleaseRequest(customer_id=customer))
    assert (preview.allowed, preview.to_location, preview.releaser_count) == (True, AWAITING, 1)
    assert "H-6.7a" in preview.clause
    for who, which in (("wang", customer), ("zhou", customer), ("li", "nobody")):
        told = refused(company.call, who, ask, h.PreviewReleaseRequest(customer_id=which))
        assert told.code == "PERMISSION_DENIED"


def test_H_6_7h_the_same_rep_counts_once(company: Company) -> None:
    customer = pooled_by(company, "li", "wang", "li")
    (line,) = statistics(company)
    assert (line.releaser_count, len(line.releases)) == (2, 3)
    company.approve(company.claim("wang", customer).case_id)
    company.release("wang", customer)
    assert company.position(customer).location == AWAITING


def test_H_6_7h_a_releaser_may_claim_again_unless_policy_sets_a_pause(company: Company) -> None:
    customer = pooled_by(company, "li")
    assert company.claim("li", customer).state == r.CASE_STATE_OPEN

    strict = Company(
        variant(haixin(), pool__reclaim_cooldown_days=30, release__route="public_pool")
    )
    customer = strict.acquire("li", form(company_name(7)))
    strict.release("li", customer)
    told = refused(strict.claim, "li", customer)
    assert (told.reason, told.clause) == ("COOLING_OFF", "H-6.7h")
    strict.settle()
    assert strict.claim("wang", customer).state == r.CASE_STATE_OPEN
    assert len(table(strict.platform, "ownership", "release")) == 1
