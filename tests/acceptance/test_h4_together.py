"""What one service records takes effect in another: checks, violations, leads, contacts."""

from datetime import timedelta

import pytest

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing
from tests.acceptance.inbound import members, route, sold
from tests.builders import BLUE_SEA, company_name, form
from tests.refusals import refused


@pytest.fixture
def company() -> Company:
    """Wang is first on duty, then Li, then Zhao."""
    company = Company()
    sold(company, wang=300, li=200, zhao=100)
    return company


def test_H_4_4_from_the_call_to_the_first_contact(company: Company, doing: Doing) -> None:
    route(company, BLUE_SEA)
    (task,) = doing.to_do("wang")
    assert (task.kind, "028-85551234" in task.zh) == ("add_customer", True)
    case_id = company.submit("wang", form()).case.case_id
    assert "H-4.4" in refused(doing.follow_up, "wang", case_id).clause
    held = company.approve(case_id).customer_id
    (contact,) = doing.to_do("wang")
    assert (contact.kind, contact.customer_id) == ("contact_lead", held)
    assert doing.follow_up("wang", held).valid
    assert doing.to_do("wang") == []


def test_H_4_1b_a_lead_of_a_held_customer_is_its_holders_task(
    company: Company, doing: Doing
) -> None:
    held = company.acquire("li")
    route(company, BLUE_SEA)
    assert [(one.kind, one.customer_id) for one in doing.to_do("li")] == [("contact_lead", held)]
    assert doing.to_do("wang") == []


def test_H_4_3b_a_pool_customer_and_its_contact_go_to_the_rep_on_duty(
    company: Company, doing: Doing
) -> None:
    pooled = company.pool_customer()
    route(company, BLUE_SEA)
    assert [(one.kind, one.customer_id) for one in doing.to_do("wang")] == [
        ("contact_lead", pooled)
    ]
    assert doing.follow_up("wang", pooled).valid


def test_H_4_5g_a_faked_call_takes_the_rep_off_the_rota(company: Company, doing: Doing) -> None:
    assert route(company, company_name(4)).staff_id == "wang"
    company.platform.now += timedelta(days=2)
    doing.spot_check("zhou", "faked", staff_id="wang")
    company.settle()
    leads = [route(company, company_name(number)) for number in (5, 6, 7)]
    assert [lead.staff_id for lead in leads] == ["li", "zhao", "li"]
    assert [one.staff_id for one in leads[2].skipped] == ["wang"]
    company.platform.now += timedelta(days=7)
    assert "wang" not in members(company)


def test_H_6_1d_claims_are_blocked_until_a_violation_is_revoked(
    company: Company, doing: Doing
) -> None:
    pooled = company.pool_customer()
    for _ in range(3):
        answer = doing.violate("li")
    company.settle()
    told = refused(company.claim, "li", pooled)
    assert "H-6.1d" in told.clause
    doing.revoke(answer.violation.violation_id)
    company.settle()
    assert company.claim("li", pooled).case_id
