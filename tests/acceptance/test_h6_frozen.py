"""H-6.2b, H-6.3a: what a handover or a dispute concerns stays where it is meanwhile."""

from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import Company
from tests.service.ownership.freezing import freeze, thaw


def test_H_6_2b_a_leavers_customer_is_frozen(company: Company) -> None:
    customer = company.acquire("li")
    case_id = company.ask_release("li", customer)
    freeze(company, [customer], "departure", "li")
    assert company.approve(case_id, "sun").state == r.CASE_STATE_FAILED
    assert company.position(customer).holder_id == "li"


def test_H_6_3a_a_disputed_customer_is_frozen_until_it_is_ruled(company: Company) -> None:
    customer = company.acquire("li")
    freeze(company, [customer], "dispute", "d1")
    assert company.approve(company.ask_release("li", customer), "sun").state == r.CASE_STATE_FAILED
    thaw(company, [customer], "dispute", "d1")
    company.platform.now = company.platform.now.replace(day=3)
    company.release("li", customer)
    assert company.position(customer).holder_id == ""
