"""H-6.1d, H-6.2c, H-6.2d: cases that what happened opens, and the people who decide them."""

from typing import Any

import pytest
from crm.review.v1 import review_pb2 as r

from chassis.kernel import Identity
from tests.acceptance.actions import Company, table
from tests.announcing import announce
from tests.builders import variant
from tests.platform import haixin
from tests.refusals import refused

PROPOSED = "crm.ownership.reallocation.proposed.v1"
DISMISSAL = "crm.activity.dismissal.proposed.v1"


@pytest.fixture
def superiors(company: Company) -> Company:
    """Hire the superiors."""
    p = company.platform
    p.hire("ma", "马经理", ["manager"])
    p.hire("qian", "钱销售经理", ["sales_manager"])
    p.hire("liu", "刘总", ["general_manager"], department="company")
    p.hire("hao", "郝人事", ["hr"], department="hr")
    p.settle()
    return company


def plan(reference_id: str = "plan-1", applicant: str = "sun", **more: Any) -> dict[str, Any]:
    return {
        "case_type": "reallocation",
        "reference_id": reference_id,
        "applicant_id": applicant,
        "applicant_name": "孙主管",
        "department": "sales",
        "team": "1",
        "customer_id": "",
        "full_name": "",
        "remarks": "李雷离职",
        "evidence": {"customers": 2},
        "facts": {},
        **more,
    }


def opened(company: Company, data: dict[str, Any], event_type: str = PROPOSED) -> str:
    announce(company.platform, event_type, data["reference_id"], data)
    rows = table(company.platform, "review", "review_case")
    return str(rows[-1]["case_id"])


def told(company: Company, event_type: str) -> list[str]:
    return [event.body for event in company.platform.events if event.type == event_type]


def approve(company: Company, who: str, case_id: str) -> r.Case:
    company.take(who, case_id)
    case = company.decide(who, case_id, True)
    company.settle()
    return case


def test_H_6_1d_a_dismissal_case_opens_to_hr(superiors: Company) -> None:
    data = plan("violation-3", "zhou", case_type="dismissal", full_name="李雷", parties=["li"])
    case_id = opened(superiors, data, DISMISSAL)
    (waiting,) = superiors.queue("hao")
    assert (waiting.case_id, waiting.role, waiting.full_name) == (case_id, "hr", "李雷")
    assert refused(superiors.take, "qian", case_id).code == "PERMISSION_DENIED"
    assert approve(superiors, "hao", case_id).state == r.CASE_STATE_DONE
    assert "H-6.1d" in superiors.decisions("review", case_id)[0].clause
    assert len(told(superiors, "crm.review.case.completed.v1")) == 1


def test_H_6_1d_whom_it_concerns_does_not_decide(superiors: Company) -> None:
    data = plan("violation-3", "zhou", case_type="dismissal", parties=["hao"])
    case_id = opened(superiors, data, DISMISSAL)
    assert refused(superiors.take, "hao", case_id).reason == "PARTY_TO_CASE"


def test_H_6_2c_the_plan_waits_for_the_manager(superiors: Company) -> None:
    case_id = opened(superiors, plan())
    (waiting,) = superiors.queue("ma")
    assert (waiting.case_id, waiting.role, waiting.reference_id) == (case_id, "manager", "plan-1")
    for who in ("qian", "liu"):
        assert refused(superiors.take, who, case_id).clause == "H-6.2c, H-6.2d"


def test_H_6_2c_who_proposed_it_cannot_approve_it(superiors: Company) -> None:
    superiors.platform.people["sun"] = Identity(
        "sun", "孙主管", frozenset({"supervisor", "manager"}), "sales", "1"
    )
    case_id = opened(superiors, plan())
    told = refused(superiors.take, "sun", case_id)
    assert (told.reason, told.clause) == ("OWN_CASE", "H-6.2c, H-6.2d")


def test_H_6_2d_both_consent_the_general_manager_last(superiors: Company) -> None:
    case_id = opened(superiors, plan())
    assert approve(superiors, "ma", case_id).role == "sales_manager"
    assert approve(superiors, "qian", case_id).role == "general_manager"
    assert told(superiors, "crm.review.case.approved.v1") == []
    assert approve(superiors, "liu", case_id).state == r.CASE_STATE_APPROVED
    (body,) = told(superiors, "crm.review.case.approved.v1")
    for part in ('"reference_id":"plan-1"', '"department":"sales"', '"team":"1"'):
        assert part in body
    decisions = superiors.case("ma", case_id).decisions
    assert [row.reviewer_id for row in decisions] == ["ma", "qian", "liu"]


def test_H_6_2d_one_act_serves_two_roles_but_not_the_general_managers(superiors: Company) -> None:
    everything = frozenset({"manager", "sales_manager", "general_manager"})
    superiors.platform.people["wu"] = Identity("wu", "吴", everything, "sales", "")
    case_id = opened(superiors, plan())
    case = approve(superiors, "wu", case_id)
    assert (case.state, case.role) == (r.CASE_STATE_OPEN, "general_manager")
    assert [(row.step, row.reviewer_id) for row in case.decisions] == [(1, "wu"), (2, "wu")]
    assert approve(superiors, "wu", case_id).state == r.CASE_STATE_APPROVED


def test_H_6_2d_a_rejection_closes_it_with_its_reason(superiors: Company) -> None:
    case_id = opened(superiors, plan())
    approve(superiors, "ma", case_id)
    superiors.take("qian", case_id)
    assert refused(superiors.decide, "qian", case_id, False).reason == "REASON_REQUIRED"
    superiors.decide("qian", case_id, False, "名单不妥")
    superiors.settle()
    (body,) = told(superiors, "crm.review.case.closed.v1")
    assert '"reference_id":"plan-1"' in body
    assert superiors.case("sun", case_id).reason == "名单不妥"


def test_H_6_2d_the_chain_is_policys(superiors: Company) -> None:
    shorter = variant(haixin(), reallocation__chain=["supervisor", "general_manager"])
    superiors.platform.apply(shorter, superiors.platform.now)
    case_id = opened(superiors, plan())
    assert approve(superiors, "liu", case_id).state == r.CASE_STATE_APPROVED


def test_a_proposal_opens_one_case(superiors: Company) -> None:
    event_id = announce(superiors.platform, PROPOSED, "plan-1", plan())
    announce(superiors.platform, PROPOSED, "plan-1", plan(), event_id=event_id)
    announce(superiors.platform, PROPOSED, "plan-1", plan(), sequence=2)
    opened(superiors, plan("plan-2"))
    rows = table(superiors.platform, "review", "review_case")
    assert [row["reference_id"] for row in rows] == ["plan-1", "plan-2"]


def test_what_people_carry_out_asks_for_no_attention(superiors: Company) -> None:
    case_id = opened(superiors, plan())
    for who in ("ma", "qian", "liu"):
        approve(superiors, who, case_id)
    superiors.platform.now = superiors.platform.now.replace(day=4)
    superiors.platform.tick()
    assert not superiors.case("liu", case_id).needs_attention
    executed = {"reallocation_id": "plan-1", "case_id": case_id, "counts": {}}
    announce(superiors.platform, "crm.ownership.reallocation.executed.v1", "plan-1", executed)
    assert superiors.case("liu", case_id).state == r.CASE_STATE_DONE


def test_a_grant_of_the_plan_does_not_complete_it(superiors: Company) -> None:
    case_id = opened(superiors, plan())
    for who in ("ma", "qian", "liu"):
        approve(superiors, who, case_id)
    granted = {"case_id": case_id, "customer_id": "c1", "holder_id": "wang"}
    case = superiors.case("liu", case_id)
    parts = superiors.platform.parts["review"]
    assert "crm.ownership.holding.granted.v1" in parts.service.handlers
    announce(superiors.platform, "crm.ownership.holding.granted.v1", "c1", granted)
    assert superiors.case("liu", case_id).etag == case.etag


def test_a_case_type_that_policy_lacks_is_kept_for_a_person(superiors: Company) -> None:
    announce(superiors.platform, PROPOSED, "plan-1", plan(case_type="other"))
    rows = table(superiors.platform, "review", "inbox")
    assert [row["done_at"] for row in rows if row["type"] == PROPOSED] == [None]
