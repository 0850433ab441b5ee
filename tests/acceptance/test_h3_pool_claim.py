"""H-3.3: a rep claims a customer of the public pool."""

from datetime import timedelta

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import PASSED, Company
from tests.builders import BLUE_SEA, company_name, form
from tests.platform import MONDAY
from tests.refusals import refused

POOL, LIBRARY = h.LOCATION_PUBLIC_POOL, h.LOCATION_PRIVATE_LIBRARY
PHONE = "028-85123456"


def claimed(company: Company, customer: str, **amendments: object) -> str:
    """Let Wang claim a customer and Zhou take the case."""
    case_id: str = company.claim("wang", customer, **amendments).case_id  # type: ignore[arg-type]
    company.settle()
    company.take("zhou", case_id)
    return case_id


def test_H_3_3a_it_stays_in_the_pool_until_approval(company: Company) -> None:
    customer = company.pool_customer()
    case_id = claimed(company, customer)
    assert company.position(customer).location == POOL
    assert company.library("wang") == {}
    company.platform.now += timedelta(hours=1)
    company.decide("zhou", case_id, True, "", PASSED)
    company.platform.now += timedelta(minutes=10)
    company.settle()
    position = company.library("wang")[customer]
    assert position.location == LIBRARY
    assert position.protect_time.ToDatetime(MONDAY.tzinfo) == MONDAY + timedelta(hours=1)


def test_H_3_3a_no_claim_goes_past_review(company: Company) -> None:
    customer = company.pool_customer()
    request = h.ClaimCustomerRequest(customer_id=customer)
    told = refused(company.call, "wang", company.platform.ownership.ClaimCustomer, request)
    assert (told.reason, told.clause) == ("REVIEW_REQUIRED", "H-3.3a")
    assert company.position(customer).location == POOL


def test_H_3_3a_one_claim_at_a_time(company: Company) -> None:
    customer = company.pool_customer()
    case_id = company.claim("wang", customer).case_id
    assert refused(company.claim, "li", customer).reason == "CUSTOMER_IN_CASE"
    company.reject(case_id, "暂不批准")
    assert company.claim("li", customer).state == r.CASE_STATE_OPEN


def test_H_3_3a_a_preview_says_what_it_would_mean(company: Company) -> None:
    customer = company.pool_customer()
    request = h.PreviewClaimRequest(customer_id=customer)
    preview = company.call("wang", company.platform.ownership.PreviewClaim, request)
    assert (preview.allowed, preview.review_required) == (True, True)
    company.holds("wang", 250)
    preview = company.call("wang", company.platform.ownership.PreviewClaim, request)
    assert (preview.allowed, preview.reason, preview.clause) == (False, "QUOTA_FULL", "H-2.2b")
    assert "250" in preview.zh
    assert company.platform.settle() == []


def test_H_3_3b_an_incomplete_record_without_remarks_is_rejected(company: Company) -> None:
    customer = company.pool_customer(phones=None)
    case_id = claimed(company, customer)
    told = refused(company.decide, "zhou", case_id, True, "先通过", PASSED)
    assert (told.reason, told.figures["findings"]) == ("CHECK_CONTRADICTED", "phones")
    assert "H-3.3b" in told.clause
    company.decide("zhou", case_id, False, "缺少电话", PASSED | {"complete": False})
    company.settle()
    assert company.position(customer).location == POOL


def test_H_3_3b_with_the_missing_phone_it_is_reviewable(company: Company) -> None:
    customer = company.pool_customer(phones=None)
    case_id = claimed(company, customer, phones=[PHONE])
    company.decide("zhou", case_id, True, "", PASSED)
    company.settle()
    assert company.position(customer).holder_id == "wang"


def test_H_3_3b_a_wrong_item_in_the_amendments_helps_nothing(company: Company) -> None:
    case_id = claimed(company, company.pool_customer(phones=None), phones=["12345"])
    told = refused(company.decide, "zhou", case_id, True, "", PASSED)
    assert told.reason == "CHECK_CONTRADICTED"


def test_H_3_3c_approval_amends_the_record_and_grants_it(company: Company) -> None:
    customer = company.pool_customer(phones=None)
    case_id = claimed(company, customer, remarks="前台电话", phones=[PHONE])
    company.decide("zhou", case_id, True, "", PASSED)
    company.settle()
    seen = company.customer("wang", customer)
    assert list(seen.form.phones) == [PHONE]
    assert (seen.holder_id, list(seen.incomplete_fields)) == ("wang", [])
    assert company.case("wang", case_id).state == r.CASE_STATE_DONE


def test_H_3_3c_a_rejected_claim_amends_nothing(company: Company) -> None:
    customer = company.pool_customer(phones=None)
    company.reject(company.claim("wang", customer, phones=[PHONE]).case_id, "号码不实")
    seen = company.customer("zhou", customer)
    assert (list(seen.form.phones), seen.location) == ([], "public_pool")


def test_H_3_3c_what_was_corrected_meanwhile_stays_corrected(company: Company) -> None:
    customer = company.pool_customer(phones=None)
    case_id = claimed(company, customer, phones=[PHONE])
    company.supplement("zhou", customer, "负责人已换", hr_lead="何强")
    company.decide("zhou", case_id, True, "", PASSED)
    company.settle()
    seen = company.customer("wang", customer)
    assert (list(seen.form.phones), seen.form.hr_lead) == ([PHONE], "何强")


@pytest.mark.parametrize("item", ["business_address", "hr_lead", "phones"])
def test_H_3_3d_an_incomplete_claim_can_only_be_rejected_with_reason(
    company: Company, item: str
) -> None:
    case_id = claimed(
        company, company.enter_pool(form() | {item: [] if item == "phones" else ""})[0]
    )
    for reason in ("", "例外批准"):
        assert refused(company.decide, "zhou", case_id, True, reason, PASSED).clause
    failed = PASSED | {"complete": False}
    told = refused(company.decide, "zhou", case_id, False, "", failed)
    assert (told.reason, told.clause) == ("REASON_REQUIRED", "H-3.2d, H-3.3d")
    company.decide("zhou", case_id, False, "资料不完整", failed)
    company.settle()
    case = company.case("wang", case_id)
    assert (case.state, case.reason) == (r.CASE_STATE_REJECTED, "资料不完整")
    assert company.quota("wang").reserved_count == 0


def test_H_3_3d_an_address_that_customer_service_accepted_is_complete(company: Company) -> None:
    customer = company.pool_customer(business_address=None)
    company.supplement("zhou", customer, "园区没有门牌", business_address="成都市高新区")
    company.settle()
    case_id = claimed(company, customer)
    company.decide("zhou", case_id, True, "", PASSED)
    company.settle()
    assert company.position(customer).holder_id == "wang"


@pytest.mark.parametrize("copy", ["成都蓝海科技有限责任公司", "成都蓝海科技股份有限公司"])
def test_H_3_3e_the_same_organisation_is_protected(company: Company, copy: str) -> None:
    held = company.acquire("li")
    in_pool = company.pool_customer(copy)
    told = refused(company.claim, "wang", in_pool)
    assert (told.reason, told.clause) == ("SAME_ORGANISATION_PROTECTED", "H-3.3e")
    assert held not in told.text
    company.settle()
    assert company.position(in_pool).location == POOL
    assert company.position(held).holder_id == "li"
    assert company.customer("li", held).form.full_name == BLUE_SEA


def test_H_3_3e_ones_own_copy_stands_in_nobodys_way(company: Company) -> None:
    company.acquire("wang")
    in_pool = company.pool_customer("成都蓝海科技有限责任公司")
    assert company.claim("wang", in_pool).state == r.CASE_STATE_OPEN


def test_H_3_3e_another_organisation_is_no_hindrance(company: Company) -> None:
    company.acquire("li", form())
    assert company.claim("wang", company.pool_customer(company_name(5))).state
