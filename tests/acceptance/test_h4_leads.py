"""Article 4, inbound calls and trials: to the holder, else to the rep on duty."""

import pytest
from crm.ownership.v1 import leads_pb2 as pb
from crm.ownership.v1 import ownership_pb2 as h

from services.ownership.app.freezes import freeze
from tests.acceptance.actions import KEPT_OF_REFUSALS, Company, rows
from tests.acceptance.doing import Doing
from tests.acceptance.inbound import blocked, leads_of, members, on_leave, route, sold, unblocked
from tests.builders import BLUE_SEA, company_name, form, variant
from tests.platform import haixin
from tests.refusals import refused

RED_SEA = "成都红海科技有限公司"


@pytest.fixture
def company() -> Company:
    """Wang is first on duty, then Li, then Zhao."""
    company = Company()
    sold(company, wang=300, li=200, zhao=100)
    return company


def test_H_4_1a_a_lead_without_a_recorded_check_is_refused(company: Company) -> None:
    told = refused(route, company, BLUE_SEA, check_id="")
    assert (told.reason, told.clause) == ("LEAD_UNCHECKED", "H-4.1a")
    assert refused(route, company, BLUE_SEA, check_id="none").clause == "H-4.1a"
    lead = route(company, BLUE_SEA)
    assert lead.check_id
    assert lead.router_id == "zhou"


def test_H_4_1a_the_check_must_be_the_callers_own_and_of_this_name(company: Company) -> None:
    others = company.check("chen", BLUE_SEA).check_id
    assert refused(route, company, BLUE_SEA, check_id=others).reason == "LEAD_UNCHECKED"
    another = company.check("zhou", RED_SEA).check_id
    assert refused(route, company, BLUE_SEA, check_id=another).reason == "LEAD_UNCHECKED"
    spaced = company.check("zhou", f" {BLUE_SEA}").check_id
    assert route(company, BLUE_SEA, check_id=spaced).staff_id == "wang"


def test_H_4_1a_only_customer_service_routes_leads(company: Company) -> None:
    told = refused(route, company, BLUE_SEA, who="li")
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-4.1a")


def test_H_4_1a_likely_hits_want_a_choice(company: Company) -> None:
    customer = company.acquire("li", form("成都蓝海科技有限责任公司"))
    told = refused(route, company, BLUE_SEA)
    assert (told.reason, told.clause, told.figures["count"]) == ("LEAD_HIT_OPEN", "H-4.1a", "1")
    assert refused(route, company, BLUE_SEA, customer_id="other").reason == "LEAD_NOT_A_HIT"
    assert route(company, BLUE_SEA, customer_id=customer).staff_id == "li"
    assert route(company, BLUE_SEA, not_listed=True).route == pb.LEAD_ROUTE_NEW_TO_DUTY


def test_H_4_1b_the_holder_is_told_and_nothing_moves(company: Company) -> None:
    customer = company.acquire("li", form())
    before = rows(company.platform)
    lead = route(company, BLUE_SEA, kind=pb.LEAD_KIND_TRIAL)
    assert (lead.route, lead.staff_id) == (pb.LEAD_ROUTE_HOLDER, "li")
    assert (lead.customer_id, lead.clause) == (customer, "H-4.1b")
    assert company.position(customer).holder_id == "li"
    after = rows(company.platform)
    assert after["ownership", "rota"] == before["ownership", "rota"] == 0
    (event,) = [e for e in company.platform.events if e.type == "crm.ownership.lead.routed.v1"]
    assert '"staff_id":"li"' in event.body
    assert [item.lead_id for item in leads_of(company, "li")] == [lead.lead_id]
    (task,) = Doing(company).to_do("li", "contact_lead")
    assert (task.customer_id, task.subject_id) == (customer, lead.lead_id)
    assert leads_of(company, "wang") == []


def test_H_4_1b_the_holder_of_a_frozen_customer_is_told_too(company: Company) -> None:
    customer = company.acquire("li", form())
    parts = company.platform.parts["ownership"]
    parts.tick(lambda uow: freeze(uow, [customer], "dispute", "dispute-1") and None)
    lead = route(company, BLUE_SEA)
    assert (lead.route, lead.staff_id) == (pb.LEAD_ROUTE_HOLDER, "li")


def test_H_4_1b_a_lead_is_shown_to_whom_it_went_and_to_customer_service(company: Company) -> None:
    lead = route(company, BLUE_SEA)
    request = pb.GetLeadRequest(lead_id=lead.lead_id)
    for who in ("wang", "zhou", "chen"):
        assert company.call(who, company.platform.leads.GetLead, request).lead == lead
    told = refused(company.call, "li", company.platform.leads.GetLead, request)
    assert told.reason == "LEAD_UNKNOWN"


def test_H_4_2_any_other_lead_goes_to_the_rep_on_duty(company: Company) -> None:
    lead = route(company, BLUE_SEA)
    assert (lead.staff_id, lead.route) == ("wang", pb.LEAD_ROUTE_NEW_TO_DUTY)
    assert "H-4.2" in lead.clause


def test_H_4_3a_a_pool_customer_moves_into_the_duty_reps_library(company: Company) -> None:
    customer = company.pool_customer()
    lead = route(company, BLUE_SEA)
    assert (lead.staff_id, lead.route) == ("wang", pb.LEAD_ROUTE_POOL_TO_DUTY)
    assert customer in company.library("wang")
    assert company.pool("zhou") == []
    assert company.quota("wang").used_count == 1
    assert "H-4.3a" in company.decisions("ownership", customer)[0].clause
    assert company.customer("wang", customer).holder_id == "wang"


def test_H_4_3a_a_customer_awaiting_distribution_does_too(company: Company) -> None:
    customer = company.acquire("li", form())
    company.release("li", customer)
    where = company.position(customer).location
    assert where == h.LOCATION_AWAITING_DISTRIBUTION
    assert route(company, BLUE_SEA).staff_id == "wang"
    assert company.position(customer).holder_id == "wang"


def test_H_4_3a_nothing_passes_the_slot_gate() -> None:
    company = Company(variant(haixin(), quota__tenure_ge_3m=1, quota__tenure_lt_3m=1))
    sold(company, wang=300, li=200, zhao=100)
    company.acquire("wang", form(RED_SEA))
    customer = company.pool_customer()
    lead = route(company, BLUE_SEA)
    assert [(item.staff_id, item.reason) for item in lead.skipped] == [("wang", "LIBRARY_FULL")]
    assert company.position(customer).holder_id == "li"
    assert company.quota("wang").used_count == 1


def test_H_4_3a_an_online_customer_takes_no_slot() -> None:
    company = Company(variant(haixin(), quota__tenure_ge_3m=1, quota__tenure_lt_3m=1))
    sold(company, wang=300)
    company.acquire("wang", form(RED_SEA))
    customer = company.pool_customer(category="online")
    assert route(company, BLUE_SEA).staff_id == "wang"
    assert not company.position(customer).counted


def test_H_4_3a_a_customer_under_review_is_not_moved(company: Company) -> None:
    customer = company.pool_customer()
    company.claim("li", customer)
    told = refused(route, company, BLUE_SEA)
    assert told.reason == "CUSTOMER_IN_CASE"
    company.submit("li", form(RED_SEA))
    assert refused(route, company, RED_SEA).reason == "CUSTOMER_IN_CASE"


def test_H_4_3b_the_duty_rep_is_told_with_the_leads_data(company: Company) -> None:
    company.pool_customer()
    lead = route(company, BLUE_SEA)
    (event,) = [e for e in company.platform.events if e.type == "crm.ownership.lead.routed.v1"]
    for text in (lead.lead_id, "028-85551234", "何小姐", "想了解会员服务", BLUE_SEA):
        assert text in event.body
    assert leads_of(company, "wang") == [lead]
    (task,) = Doing(company).to_do("wang")
    assert (task.kind, task.customer_id) == ("contact_lead", lead.customer_id)


def test_H_4_4_an_unknown_company_is_to_be_entered_by_the_duty_rep(company: Company) -> None:
    lead = route(company, BLUE_SEA)
    assert (lead.route, lead.customer_id) == (pb.LEAD_ROUTE_NEW_TO_DUTY, "")
    assert "H-4.4" in lead.clause
    assert company.library("wang") == {}
    doing = Doing(company)
    assert [task.kind for task in doing.to_do("wang")] == ["add_customer"]
    case_id = company.submit("wang", form()).case.case_id
    told = refused(doing.follow_up, "wang", "nobody")
    assert told.clause == "H-3.1a, H-4.4"
    customer = company.approve(case_id).customer_id
    assert [task.kind for task in doing.to_do("wang")] == ["contact_lead"]
    doing.follow_up("wang", customer)
    assert doing.to_do("wang") == []
    again = route(company, BLUE_SEA)
    assert (again.route, again.customer_id) == (pb.LEAD_ROUTE_HOLDER, customer)


def test_H_4_4_the_order_of_the_routes_is_a_parameter() -> None:
    company = Company(variant(haixin(), inbound__order=["holder", "new_to_duty"]))
    sold(company, wang=300)
    customer = company.pool_customer()
    lead = route(company, BLUE_SEA)
    assert (lead.route, lead.customer_id) == (pb.LEAD_ROUTE_NEW_TO_DUTY, customer)
    assert company.pool("zhou") == [customer]


def test_H_4_2_a_repeated_request_repeats_the_answer(company: Company) -> None:
    company.pool_customer()
    check = company.check("zhou", BLUE_SEA).check_id
    first = route(company, BLUE_SEA, check_id=check, request_id="one")
    assert route(company, BLUE_SEA, check_id=check, request_id="one") == first
    assert route(company, company_name(7)).staff_id == "li"
    assert len(leads_of(company, "zhou")) == 2


def test_H_4_2_nobody_there_is_refused_and_nothing_is_kept(company: Company) -> None:
    on_leave(company, "wang", "2026-03-02", "2026-03-02")
    violation = blocked(company, "li")
    on_leave(company, "zhao", "2026-03-01", "2026-03-05")
    apart = (*KEPT_OF_REFUSALS, "duplicate_check")
    before = rows(company.platform, apart)
    told = refused(route, company, BLUE_SEA)
    assert told.reason == "NOBODY_ON_DUTY"
    assert "H-4.5d" in told.clause
    assert "2 on leave, 1 may not claim" in told.en
    assert "请假 2 人、暂停领取 1 人" in told.zh
    assert rows(company.platform, apart) == before
    unblocked(company, violation)
    assert route(company, BLUE_SEA).staff_id == "li"


def test_H_6_1d_who_is_blocked_claims_nothing(company: Company) -> None:
    customer = company.pool_customer()
    violation = blocked(company, "li")
    told = refused(company.claim, "li", customer)
    assert (told.reason, told.clause) == ("CLAIMS_BLOCKED", "H-6.1d")
    assert refused(company.submit, "li", form(RED_SEA)).reason == "CLAIMS_BLOCKED"
    unblocked(company, violation)
    assert company.claim("li", customer)
    assert members(company) == ["wang", "li", "zhao"]
