"""H-3.1: a new customer is checked, complete and submitted."""

from typing import Any

import pytest
from crm.customers.v1 import customers_pb2 as c
from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import Company, rows, table
from tests.builders import BLUE_SEA, BRANCH, INSURER, form, insurance, securities
from tests.refusals import Told, refused


def submit_refused(company: Company, data: dict[str, Any]) -> Told:
    """Submit a form that must be refused and leave nothing behind."""
    check = company.check("li", data.get("full_name") or "无", data.get("industry_kind", ""))
    before = rows(company.platform)
    told = refused(company.submit, "li", data, check.check_id)
    assert rows(company.platform) == before
    assert company.queue("zhou") == []
    return told


def accepted(company: Company, data: dict[str, Any]) -> list[str]:
    """Submit a form that must pass; return the advice."""
    answer = company.submit("li", data)
    assert answer.case.state == r.CASE_STATE_OPEN
    return [advice.reason for advice in answer.advice]


def test_H_3_1a_nothing_is_recorded_about_a_company_not_entered(company: Company) -> None:
    before = rows(company.platform)
    for action in (
        lambda: company.supplement("li", "nobody", "电话拜访", hr_lead="李红"),
        lambda: company.mark("li", "nobody", "周三回访"),
        lambda: company.claim("li", "nobody"),
    ):
        assert refused(action).reason == "CUSTOMER_UNKNOWN"
    assert rows(company.platform) == before
    customer = company.acquire("li")
    assert company.supplement("li", customer, "电话拜访", hr_lead="李红").form.hr_lead == "李红"


def test_H_3_1b_a_check_comes_before_the_submission(company: Company) -> None:
    told = refused(company.submit, "li", form(), "")
    assert (told.reason, told.clause) == ("CHECK_REQUIRED", "H-3.1b")
    check = company.check("li", BLUE_SEA)
    assert (check.checker_id, list(check.hits)) == ("li", [])
    answer = company.submit("li", form(), check.check_id)
    assert answer.case.state == r.CASE_STATE_OPEN
    assert answer.case.check_id == check.check_id


def test_H_3_1b_the_check_is_ones_own_and_of_the_same_name(company: Company) -> None:
    wangs = company.check("wang", BLUE_SEA)
    assert refused(company.submit, "li", form(), wangs.check_id).reason == "CHECK_REQUIRED"
    other = company.check("li", "成都红岩科技有限公司")
    told = refused(company.submit, "li", form(), other.check_id)
    assert (told.reason, told.clause) == ("CHECK_OF_ANOTHER_NAME", "H-3.1b")


def test_H_3_1b_checks_are_recorded_with_what_was_found(company: Company) -> None:
    company.pool_customer()
    check = company.check("li", "成都蓝海科技有限责任公司")
    request = c.GetDuplicateCheckRequest(check_id=check.check_id)
    stored = company.call("li", company.platform.customers.GetDuplicateCheck, request)
    assert stored.duplicate_check == check
    assert check.grade >= c.DUPLICATE_GRADE_LIKELY
    assert "LEGAL_FORM_IGNORED" in [reason.code for reason in check.hits[0].reasons]
    told = refused(company.call, "wang", company.platform.customers.GetDuplicateCheck, request)
    assert told.code == "NOT_FOUND"


@pytest.mark.parametrize("who", ["li", "wang"])
def test_H_3_1c_an_existing_customer_is_not_added_again(company: Company, who: str) -> None:
    company.acquire("wang")
    check = company.check(who, BLUE_SEA)
    assert check.grade == c.DUPLICATE_GRADE_SAME
    told = refused(company.submit, who, form(), check.check_id)
    assert (told.code, told.reason) == ("ALREADY_EXISTS", "DUPLICATE")
    assert "H-3.1c" in told.clause
    assert company.library("li") == {}


def test_H_3_1c_li_is_told_that_it_exists_but_not_wangs_data(company: Company) -> None:
    customer = company.acquire("wang")
    (hit,) = company.check("li", BLUE_SEA).hits
    assert hit.masked
    assert (hit.customer_id, hit.location, hit.full_name) == ("", "", "成都蓝海****")
    told = refused(company.submit, "li", form())
    for secret in (customer, "wang", "王芳", "代春燕", "85123456", "永丰路"):
        assert secret not in str(hit) + told.text


def test_H_3_1c_a_customer_of_the_pool_is_named_to_whoever_sees_the_pool(company: Company) -> None:
    pooled = company.pool_customer()
    company.settle()
    (hit,) = company.check("li", BLUE_SEA).hits
    assert (hit.customer_id, hit.location, hit.full_name) == (pooled, "public_pool", BLUE_SEA)
    assert not hit.masked


@pytest.mark.parametrize("place", ["pool", "library", "awaiting", "under review"])
def test_H_3_1c_wherever_it_is(company: Company, place: str) -> None:
    if place == "pool":
        company.pool_customer()
    elif place == "under review":
        company.submit("wang", form())
    else:
        customer = company.acquire("wang")
        if place == "awaiting":
            company.release("wang", customer)
    told = refused(company.submit, "li", form("  成都蓝海科技有限公司 "))
    assert told.reason == "DUPLICATE"


@pytest.mark.parametrize("item", ["full_name", "business_address", "hr_lead", "phones"])
def test_H_3_1d_the_missing_item_is_named(company: Company, item: str) -> None:
    told = submit_refused(company, form() | {item: [] if item == "phones" else ""})
    assert told.fields == {item: ["FIELD_MISSING"]}
    assert told.code == "INVALID_ARGUMENT"
    assert "H-3.1d" in told.clause


def test_H_3_1d_every_missing_item_is_named_at_once(company: Company) -> None:
    told = submit_refused(company, {"full_name": BLUE_SEA})
    assert set(told.fields) == {"business_address", "hr_lead", "phones", "category"}


@pytest.mark.parametrize("name", ["蓝海", "蓝海科技", ""])
def test_H_3_1e_the_full_name_is_required(company: Company, name: str) -> None:
    told = submit_refused(company, form(name))
    assert list(told.fields) == ["full_name"]
    assert "H-3.1e" in told.clause


def test_H_3_1e_a_full_name_is_accepted(company: Company) -> None:
    assert accepted(company, form()) == []


def test_H_3_1f_the_address_is_required(company: Company) -> None:
    told = submit_refused(company, form(business_address=None))
    assert list(told.fields) == ["business_address"]
    assert "H-3.1f" in told.clause


def test_H_3_1g_the_hr_lead_is_required(company: Company) -> None:
    told = submit_refused(company, form(hr_lead=None))
    assert list(told.fields) == ["hr_lead"]
    assert "H-3.1g" in told.clause


def test_H_3_1h_a_telephone_is_required(company: Company) -> None:
    told = submit_refused(company, form(phones=None))
    assert list(told.fields) == ["phones"]
    assert "H-3.1h" in told.clause


def test_H_3_1i_a_submission_waits_for_customer_service(company: Company) -> None:
    answer = company.submit("li", form())
    sent = [event.type for event in company.settle()]
    assert sent == ["crm.review.case.opened.v1", "crm.scheduler.clocks.armed.v1"]
    (case,) = company.queue("zhou")
    assert (case.case_id, case.applicant_id, case.role) == (
        answer.case.case_id,
        "li",
        "customer_service",
    )
    assert company.library("li") == {}
    assert table(company.platform, "customers", "customer") == []
    assert table(company.platform, "ownership", "position") == []


@pytest.mark.parametrize("who", ["zhou", "sun"])
def test_H_3_1i_reps_submit(company: Company, who: str) -> None:
    told = refused(company.submit, who, form())
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-3.1i")
    assert company.queue("chen") == []


def test_H_3_1_n1_an_insurers_individual_is_named(company: Company) -> None:
    told = submit_refused(company, insurance() | {"full_name": INSURER})
    assert told.fields == {"contact": ["CONTACT_REQUIRED"]}
    assert "H-3.1.n1" in told.clause
    assert accepted(company, insurance("代春燕")) == []


def test_H_3_1_n1_two_individuals_of_one_insurer_differ(company: Company) -> None:
    first = company.acquire("li", insurance("代春燕"))
    second = company.acquire("wang", insurance("李四"))
    assert first != second
    told = refused(company.submit, "wang", insurance("代春燕"))
    assert told.reason == "DUPLICATE"


def test_H_3_1_n1_the_contact_may_be_stated_apart(company: Company) -> None:
    data = insurance() | {"full_name": INSURER, "contact": "代春燕"}
    case_id = company.submit("li", data).case.case_id
    assert company.case("li", case_id).full_name == f"{INSURER}（代春燕）"


def test_H_3_1_n2_securities_name_their_branch(company: Company) -> None:
    told = submit_refused(company, securities("华夏证券"))
    assert "BRANCH_REQUIRED" in told.fields["full_name"]
    assert "H-3.1.n2" in told.clause
    assert accepted(company, securities(BRANCH)) == []


def test_H_3_1_n2_two_branches_differ(company: Company) -> None:
    company.acquire("li", securities(BRANCH))
    other = "华夏证券人民南路营业部"
    assert company.check("wang", other, "securities").grade < c.DUPLICATE_GRADE_SAME
    company.acquire("wang", securities(other))
    assert refused(company.submit, "wang", securities(BRANCH)).reason == "DUPLICATE"


@pytest.mark.parametrize("address", ["成都市高新区", "永丰路47号", "丰尚玉林商务港801室"])
def test_H_3_1_n3_the_address_has_road_building_and_room(company: Company, address: str) -> None:
    told = submit_refused(company, form(business_address=address))
    assert told.fields == {"business_address": ["ADDRESS_INCOMPLETE"]}
    assert "H-3.1.n3" in told.clause


def test_H_3_1_n3_the_standard_form_is_accepted(company: Company) -> None:
    assert accepted(company, form(business_address="成都市永丰路47号丰尚玉林商务港801室")) == []


def test_H_3_1_n3_customer_service_may_override_with_a_reason(company: Company) -> None:
    customer = company.pool_customer(business_address=None)
    address = {"business_address": "成都市高新区"}
    told = refused(company.supplement, "zhou", customer, " ", **address)
    assert told.fields["business_address"] == ["OVERRIDE_REASON"]
    changed = company.supplement("zhou", customer, "园区没有门牌", **address)
    assert changed.form.business_address == "成都市高新区"
    held = company.acquire("li", form("成都红岩科技有限公司"))
    told = refused(company.supplement, "li", held, "园区没有门牌", **address)
    assert told.fields["business_address"] == ["ADDRESS_INCOMPLETE"]


@pytest.mark.parametrize(
    "phone", ["028-85123456", "13800138000", "02885123456", "028-85123456-801"]
)
def test_H_3_1_n4_landline_or_mobile(company: Company, phone: str) -> None:
    assert accepted(company, form(phones=[phone])) == ["SECOND_NUMBER"]


@pytest.mark.parametrize("phone", ["12345", "85123456", "12800138000", "138001380001", "电话"])
def test_H_3_1_n4_nothing_else(company: Company, phone: str) -> None:
    told = submit_refused(company, form(phones=[phone]))
    assert told.fields == {"phones": ["PHONE_FORMAT"]}
    assert "H-3.1.n4" in told.clause


def test_H_3_1_n5_a_second_number_is_advised(company: Company) -> None:
    answer = company.submit("li", form(phones=["13800138000"]))
    (advice,) = answer.advice
    assert (advice.field, advice.reason, advice.clause) == ("phones", "SECOND_NUMBER", "H-3.1.n5")
    assert advice.zh
    assert "second number is advised" in advice.en
    assert answer.case.state == r.CASE_STATE_OPEN


def test_H_3_1_n6_insurance_needs_the_leads_mobile(company: Company) -> None:
    told = submit_refused(company, insurance(phones=["028-85123456"]))
    assert told.fields == {"phones": ["MOBILE_REQUIRED"]}
    assert "H-3.1.n6" in told.clause
    assert "Mobile of the lead required" in str(told.text)
    assert accepted(company, insurance(phones=["028-85123456", "13900139000"])) == []
