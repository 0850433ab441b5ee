"""H-6.1: violations of published rules, and what they lead to."""

from datetime import timedelta

import pytest
from crm.activity.v1 import conduct_pb2 as k

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing, stamp
from tests.builders import variant
from tests.platform import MONDAY, haixin
from tests.refusals import refused

CONFIRMED = "crm.activity.violation.confirmed.v1"
REVOKED = "crm.activity.violation.revoked.v1"
DISMISSAL = "crm.activity.dismissal.proposed.v1"


@pytest.mark.parametrize("clause", ["", "H-9.9z", "态度不好"])
def test_H_6_1a_a_breach_of_no_published_clause_is_refused(doing: Doing, clause: str) -> None:
    told = refused(doing.violate, "li", clause)
    assert (told.reason, told.clause) == ("CLAUSE_NOT_PUBLISHED", "H-6.1a")
    assert doing.standing("li").violation_count == 0


def test_H_6_1a_a_breach_that_names_its_clause_counts(doing: Doing) -> None:
    answer = doing.violate("li", "H-3.1b")
    assert (answer.violation.clause, answer.violation.ordinal) == ("H-3.1b", 1)
    assert (answer.conduct.violation_count, answer.conduct.status) == (1, "none")
    (event,) = doing.announced(CONFIRMED)
    assert (event["staff_id"], event["ordinal"], event["claims_blocked"]) == ("li", 1, False)


@pytest.mark.parametrize("who", ["li", "wang", "sun"])
def test_H_6_1a_reps_and_supervisors_confirm_none(doing: Doing, who: str) -> None:
    told = refused(doing.violate, "li", who=who)
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.1a")


def test_H_6_1b_the_second_violation_is_malicious(doing: Doing) -> None:
    doing.violate("li")
    answer = doing.violate("li", "H-6.7b")
    assert (answer.violation.ordinal, answer.conduct.status) == (2, "malicious")
    assert "H-6.1b" in answer.conduct.clause
    assert doing.standing("li", "li").status == "malicious"
    assert doing.standing("wang").status == "none"
    assert [event["status"] for event in doing.announced(CONFIRMED)] == ["none", "malicious"]


def test_H_6_1b_violations_count_within_the_window_of_policy(company: Company) -> None:
    doing = Doing(Company(variant(haixin(), violations__window_days=30)))
    doing.violate("li", happen_time=stamp(MONDAY - timedelta(days=31)))
    answer = doing.violate("li")
    assert (answer.violation.ordinal, answer.conduct.status) == (1, "none")
    assert doing.violate("li").conduct.status == "malicious"


def test_H_6_1b_the_count_is_a_parameter() -> None:
    doing = Doing(Company(variant(haixin(), violations__malicious_at=1)))
    assert doing.violate("li").conduct.status == "malicious"


def test_H_6_1c_one_warning_and_one_demerit_by_the_marketing_centre(doing: Doing) -> None:
    doing.violate("li")
    assert doing.ledger("li") == []
    second = doing.violate("li").violation
    lines = doing.ledger("li")
    assert [(line.kind, line.issuer) for line in lines] == [
        ("demerit", "marketing_centre"),
        ("written_warning", "marketing_centre"),
    ]
    assert {line.violation_id for line in lines} == {second.violation_id}
    assert all("H-6.1c" in line.clause for line in lines)
    doing.violate("li")
    assert len(doing.ledger("li")) == 2


def test_H_6_1c_a_revoked_violation_takes_its_penalties_back(doing: Doing) -> None:
    doing.company.platform.hire("liu", "刘总", ["general_manager"])
    doing.violate("li")
    second = doing.violate("li").violation
    request = k.RevokeViolationRequest(violation_id=second.violation_id, reason="证据有误")
    told = refused(doing.company.call, "zhou", doing.conduct.RevokeViolation, request)
    assert told.clause == "H-6.1a"
    answer = doing.company.call("liu", doing.conduct.RevokeViolation, request)
    assert (answer.conduct.violation_count, answer.conduct.status) == (1, "none")
    assert answer.violation.revoke_reason == "证据有误"
    lines = doing.ledger("li")
    assert [bool(line.counters_id) for line in lines] == [True, True, False, False]
    assert [line.countered for line in lines] == [False, False, True, True]
    (event,) = doing.announced(REVOKED)
    assert (event["violation_id"], event["status"]) == (second.violation_id, "none")
    request.request_id = ""
    told = refused(doing.company.call, "liu", doing.conduct.RevokeViolation, request)
    assert told.reason == "VIOLATION_REVOKED"
    assert doing.violate("li").conduct.status == "malicious"
    assert len([line for line in doing.ledger("li") if not line.countered]) == 4


def test_H_6_1d_the_third_violation_proposes_dismissal_and_blocks_claims(doing: Doing) -> None:
    for _ in range(2):
        doing.violate("li")
    assert doing.announced(DISMISSAL) == []
    third = doing.violate("li")
    assert (third.conduct.status, third.conduct.claims_blocked) == ("dismissal_proposed", True)
    (event,) = doing.announced(DISMISSAL)
    assert (event["case_type"], event["reference_id"]) == (
        "dismissal",
        third.violation.violation_id,
    )
    assert event["parties"] == ["li"]
    assert [one["clause"] for one in event["evidence"]["violations"]] == ["H-3.1b"] * 3
    assert doing.announced(CONFIRMED)[-1]["claims_blocked"] is True


def test_H_6_1d_the_case_opens_to_hr(doing: Doing) -> None:
    doing.company.platform.hire("han", "韩人事", ["hr"])
    for _ in range(3):
        doing.violate("li")
    doing.company.settle()
    (case,) = doing.company.queue("han")
    assert (case.case_type, case.full_name) == ("dismissal", "李雷")


def test_H_6_1b_people_see_their_own_conduct_and_nobody_elses(doing: Doing) -> None:
    doing.violate("li")
    assert doing.standing("me", "li").violation_count == 1
    told = refused(doing.standing, "li", "wang")
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.1b")
    request = k.ListViolationsRequest()
    seen = {
        who: len(doing.company.call(who, doing.conduct.ListViolations, request).violations)
        for who in ("li", "wang", "sun", "zhou")
    }
    assert seen == {"li": 1, "wang": 0, "sun": 1, "zhou": 1}


def test_H_6_1c_the_month_sums_up_every_person_and_is_frozen_at_its_end(
    company: Company, doing: Doing
) -> None:
    customer = company.acquire("li")
    doing.follow_up("li", customer)
    doing.follow_up("li", customer, "太短")
    doing.sign("li", customer, cents=300_00)
    for _ in range(2):
        doing.violate("li")
    request = k.GetMonthSummaryRequest(month="2026-03")
    before = company.call("zhou", doing.conduct.GetMonthSummary, request)
    assert not before.final
    doing.end_of("2026-03-31")
    after = company.call("zhou", doing.conduct.GetMonthSummary, request)
    assert after.final
    assert list(after.people) == list(before.people)
    (li,) = [person for person in after.people if person.staff_id == "li"]
    assert (li.valid_follow_up_count, li.invalid_follow_up_count) == (1, 1)
    assert (li.signing_count, li.signing_amount_cents) == (1, 300_00)
    assert (li.violation_count, li.penalty_count) == (2, 2)
    own = company.call("li", doing.conduct.GetMonthSummary, request)
    assert [person.staff_id for person in own.people] == ["li"]
    doing.sign("li", customer, "2026-03-30")
    again = company.call("zhou", doing.conduct.GetMonthSummary, request)
    assert list(again.people) == list(after.people)
    for month in ("2026-3", "2026-13", "2026-05", "latest"):
        wrong = k.GetMonthSummaryRequest(month=month)
        told = refused(company.call, "zhou", doing.conduct.GetMonthSummary, wrong)
        assert told.reason == "MONTH_INVALID"
