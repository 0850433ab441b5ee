"""H-3.2: Customer Service reviews new customers."""

from datetime import UTC, datetime, timedelta

import pytest
from crm.review.v1 import review_pb2 as r
from google.protobuf import json_format

from tests.acceptance.actions import PASSED, Company, table
from tests.announcing import announce
from tests.builders import BLUE_SEA, company_name, form, variant
from tests.platform import MONDAY, haixin
from tests.refusals import refused

LIKELY = "成都蓝海科技有限责任公司"


def submitted(company: Company, name: str = BLUE_SEA) -> str:
    """Submit a new customer and let Zhou take the case."""
    case_id: str = company.submit("li", form(name)).case.case_id
    company.settle()
    company.take("zhou", case_id)
    return case_id


def test_H_3_2a_the_deadline_is_stored_with_the_case(company: Company) -> None:
    submitted(company)
    (case,) = table(company.platform, "review", "review_case")
    assert (case["submitted_at"], case["deadline_hours"]) == (MONDAY, 4)
    opened = [event for event in company.platform.events if "case.opened" in event.type]
    assert '"deadline_hours":4' in opened[0].body


def test_H_3_2a_the_deadline_is_policys_at_submission(company: Company) -> None:
    submitted(company)
    company.platform.apply(variant(haixin(), review__sla_hours=8), company.platform.now)
    submitted(company, company_name(1))
    cases = table(company.platform, "review", "review_case")
    assert [case["deadline_hours"] for case in cases] == [4, 8]


def overdue_told(company: Company) -> list[str]:
    return [e.body for e in company.platform.events if e.type == "crm.review.case.overdue.v1"]


DUE = MONDAY + timedelta(hours=5, minutes=30)
"""Four working hours after 09:00: the office is closed from 12:00 to 13:30."""


def test_H_3_2a_what_waits_four_working_hours_is_overdue(company: Company) -> None:
    case_id = company.submit("li", form()).case.case_id
    company.settle()
    company.platform.tick()
    assert company.case("zhou", case_id).due_time.ToDatetime(UTC) == DUE
    company.platform.pass_to(DUE - timedelta(seconds=1))
    assert not company.case("zhou", case_id).overdue
    for moment in (DUE, DUE + timedelta(days=1)):
        company.platform.pass_to(moment)
        assert [case.case_id for case in company.overdue("zhou")] == [case_id]
    (body,) = overdue_told(company)
    assert '"role":"customer_service"' in body
    assert '"case_type":"new_customer"' in body
    assert company.decisions("review", case_id)[0].clause == "H-3.2a"


def test_H_3_2a_what_is_decided_in_time_is_not_overdue(company: Company) -> None:
    case_id = company.submit("li", form()).case.case_id
    company.platform.pass_to(DUE - timedelta(minutes=1))
    company.approve(case_id)
    company.platform.pass_to(DUE + timedelta(days=1))
    assert not company.case("zhou", case_id).overdue
    assert overdue_told(company) == []


def test_H_3_2a_what_has_no_deadline_is_never_overdue(company: Company) -> None:
    data = {"case_type": "dismissal", "reference_id": "v1", "applicant_id": "zhou"}
    announce(company.platform, "crm.activity.dismissal.proposed.v1", "v1", data)
    company.platform.pass_to(MONDAY + timedelta(days=2))
    assert overdue_told(company) == []
    (case,) = table(company.platform, "review", "review_case")
    assert (case["due_at"], case["overdue"]) == (None, False)


def clock_says(company: Company, what: str, case_id: str, version: int, due: datetime) -> None:
    """Let a late or repeated announcement of a deadline arrive."""
    entry = {
        "subject_id": case_id,
        "version": version,
        "basis_time": MONDAY.isoformat(),
        "due_time": due.isoformat(),
    }
    data = {"clock": "case_sla", "entries": [entry]}
    announce(company.platform, f"crm.scheduler.clocks.{what}.v1", company.platform.new_id(), data)


def test_H_3_2a_a_deadline_that_moved_on_has_not_come(company: Company) -> None:
    case_id = company.submit("li", form()).case.case_id
    later = DUE + timedelta(hours=5)
    clock_says(company, "armed", case_id, 9, later)
    for what in ("armed", "due"):
        clock_says(company, what, case_id, 8, DUE)
    case = company.case("zhou", case_id)
    assert (case.due_time.ToDatetime(UTC), case.overdue) == (later, False)
    for _ in range(2):
        clock_says(company, "due", case_id, 9, later)
    assert len(overdue_told(company)) == 1


def test_H_3_2b_both_results_are_recorded(company: Company) -> None:
    case = company.approve(company.submit("li", form()).case.case_id)
    assert list(case.checks) == ["not_duplicate", "complete"]
    (decision,) = case.decisions
    assert dict(decision.checks) == PASSED
    assert (decision.reviewer_id, decision.verdict) == ("zhou", r.VERDICT_APPROVE)


@pytest.mark.parametrize("checks", [{}, {"complete": True}, {"not_duplicate": False}])
@pytest.mark.parametrize("approve", [True, False])
def test_H_3_2b_a_decision_without_both_is_refused(
    company: Company, checks: dict[str, bool], approve: bool
) -> None:
    case_id = submitted(company)
    told = refused(company.decide, "zhou", case_id, approve, "理由", checks)
    assert (told.reason, told.clause.split(", ")[0]) == ("CHECKS_MISSING", "H-3.2b")
    assert company.case("zhou", case_id).state == r.CASE_STATE_OPEN


def test_H_3_2b_a_third_test_is_unknown(company: Company) -> None:
    checks = PASSED | {"friendly": True}
    told = refused(company.decide, "zhou", submitted(company), True, "", checks)
    assert told.reason == "CHECKS_UNKNOWN"


@pytest.mark.parametrize("failed", ["not_duplicate", "complete"])
def test_H_3_2b_a_failed_test_allows_no_approval(company: Company, failed: str) -> None:
    case_id = submitted(company)
    told = refused(company.decide, "zhou", case_id, True, "理由", PASSED | {failed: False})
    assert (told.reason, told.clause) == ("CHECK_FAILED", "H-3.2b")


@pytest.mark.parametrize("who", ["li", "wang", "sun"])
def test_H_3_2b_customer_service_alone_reviews(company: Company, who: str) -> None:
    case_id = company.submit("li", form()).case.case_id
    company.settle()
    assert company.queue(who) == []
    told = refused(company.take, who, case_id)
    assert told.code == "PERMISSION_DENIED"
    assert told.clause == "H-3.1i"


def test_H_3_2b_nobody_reviews_their_own_application(company: Company) -> None:
    company.platform.hire("luo", "罗兰", ["sales_rep", "customer_service"])
    company.settle()
    case_id = company.submit("luo", form()).case.case_id
    assert refused(company.take, "luo", case_id).reason == "OWN_CASE"


def test_H_3_2b_two_reviewers_do_not_decide_the_same_case(company: Company) -> None:
    case_id = submitted(company)
    assert refused(company.take, "chen", case_id).reason == "CASE_TAKEN"
    assert refused(company.decide, "chen", case_id, True, "", PASSED).reason == "CASE_NOT_TAKEN"
    company.platform.now += timedelta(minutes=30)
    company.take("chen", case_id)
    assert refused(company.decide, "zhou", case_id, True, "", PASSED).reason == "CASE_NOT_TAKEN"
    company.decide("chen", case_id, True, "", PASSED)
    assert refused(company.decide, "chen", case_id, False, "迟了", PASSED).reason == "CASE_NOT_OPEN"


def test_H_3_2c_approved_it_enters_the_applicants_library(company: Company) -> None:
    case_id = submitted(company)
    company.platform.now += timedelta(hours=1)
    company.decide("zhou", case_id, True, "", PASSED)
    company.platform.now += timedelta(minutes=10)
    company.settle()
    ((customer, position),) = company.library("li").items()
    assert position.holder_id == "li"
    assert position.protect_time.ToDatetime(MONDAY.tzinfo) == MONDAY + timedelta(hours=1)
    case = company.case("li", case_id)
    assert (case.state, case.customer_id) == (r.CASE_STATE_DONE, customer)
    (decision,) = company.decisions("ownership", customer)
    assert (decision.outcome, decision.clause) == ("granted", "H-3.2c, H-3.3c")


def test_H_3_2c_the_effects_are_announced(company: Company) -> None:
    case_id = submitted(company)
    company.decide("zhou", case_id, True, "", PASSED)
    sent = [event.type for event in company.settle()]
    assert [name for name in sent if not name.startswith("crm.scheduler.")] == [
        "crm.review.case.approved.v1",
        "crm.customers.customer.registered.v1",
        "crm.ownership.holding.granted.v1",
        "crm.review.case.completed.v1",
    ]


def test_H_3_2c_a_likely_duplicate_passes_only_with_a_reason(company: Company) -> None:
    company.acquire("wang")
    case_id = submitted(company, LIKELY)
    evidence = json_format.MessageToDict(company.case("zhou", case_id).evidence)
    assert [hit["full_name"] for hit in evidence["hits"]] == [BLUE_SEA]
    assert "有限责任公司" in evidence["ignored"]
    told = refused(company.decide, "zhou", case_id, True, "", PASSED)
    assert told.reason == "OVERRIDE_REASON_REQUIRED"
    company.decide("zhou", case_id, True, "营业执照不同，非同一家", PASSED)
    company.settle()
    assert len(company.library("li")) == 1


def test_H_3_2c_the_applicant_does_not_see_the_reviewers_evidence(company: Company) -> None:
    company.acquire("wang")
    case_id = submitted(company, LIKELY)
    case = company.case("li", case_id)
    assert not case.evidence.fields
    assert "代春燕" in str(case.form)
    assert "****" not in str(case)


def test_H_3_2d_a_rejection_states_its_reason(company: Company) -> None:
    case_id = submitted(company)
    failed = PASSED | {"not_duplicate": False}
    for empty in ("", "   "):
        told = refused(company.decide, "zhou", case_id, False, empty, failed)
        assert (told.reason, told.clause) == ("REASON_REQUIRED", "H-3.2d, H-3.3d")
    company.decide("zhou", case_id, False, "duplicate of record 42", failed)
    company.settle()
    case = company.case("li", case_id)
    assert (case.state, case.reason) == (r.CASE_STATE_REJECTED, "duplicate of record 42")
    assert table(company.platform, "customers", "customer") == []
    for who in ("li", "wang"):
        assert company.library(who) == {}


def test_H_3_2d_a_rejection_frees_what_was_reserved(company: Company) -> None:
    company.reject(company.submit("li", form()).case.case_id, "资料不实")
    assert company.quota("li").reserved_count == 0
    assert table(company.platform, "customers", "identity") == []
    assert company.acquire("wang")


def test_H_3_2d_without_a_finding_against_it_an_application_is_not_rejected(
    company: Company,
) -> None:
    case_id = submitted(company)
    told = refused(company.decide, "zhou", case_id, False, "不喜欢", PASSED)
    assert told.clause
