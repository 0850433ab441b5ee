"""Refused: the clause and a reason in two languages, nothing changes, and the log has it."""

from collections.abc import Callable
from typing import Any

import pytest
from crm.ownership.v1 import ownership_pb2 as h

from tests.acceptance.actions import PASSED, Company
from tests.builders import BLUE_SEA, company_name, form, insurance, securities
from tests.refusals import refused


def claim_with_full_library(company: Company) -> Any:
    company.holds("li", 300)
    return company.claim("li", company.pool_customer())


CASES: dict[str, tuple[str, str, Callable[[Company], Any]]] = {
    "H-2.1a": ("li", "customers", lambda c: c.enter_pool_as("li", form())),
    "H-2.1b": ("zhou", "review", lambda c: c.claim("zhou", c.pool_customer())),
    "H-2.1c": ("wang", "review", lambda c: c.take("wang", c.ask_release("li", c.acquire("li")))),
    "H-2.2a": ("li", "review", claim_with_full_library),
    "H-2.2e": ("li", "review", lambda c: c.claim("li", c.pool_customer(category=None))),
    "H-2.2f": ("wang", "customers", lambda c: c.customer("wang", c.acquire("li"))),
    "H-2.2g": ("wang", "review", lambda c: c.claim("wang", c.acquire("li"))),
    "H-3.1b": ("li", "review", lambda c: c.submit("li", form(), "")),
    "H-3.1c": ("li", "review", lambda c: (c.acquire("wang"), c.submit("li", form()))),
    "H-3.1d": ("li", "review", lambda c: c.submit("li", form(hr_lead=None))),
    "H-3.1e": ("li", "review", lambda c: c.submit("li", form("蓝海"))),
    "H-3.1i": ("sun", "review", lambda c: c.submit("sun", form())),
    "H-3.1.n1": ("li", "review", lambda c: c.submit("li", insurance() | {"full_name": BLUE_SEA})),
    "H-3.1.n2": ("li", "review", lambda c: c.submit("li", securities("华夏证券"))),
    "H-3.1.n3": ("li", "review", lambda c: c.submit("li", form(business_address="成都市高新区"))),
    "H-3.1.n4": ("li", "review", lambda c: c.submit("li", form(phones=["12345"]))),
    "H-3.1.n6": ("li", "review", lambda c: c.submit("li", insurance(phones=["028-85123456"]))),
    "H-3.2b": ("zhou", "review", lambda c: c.decide("zhou", taken(c), True, "", {})),
    "H-3.2d": (
        "zhou",
        "review",
        lambda c: c.decide("zhou", taken(c), False, "", PASSED | {"complete": False}),
    ),
    "H-3.3a": ("li", "ownership", lambda c: claim_at_once(c, c.pool_customer())),
    "H-3.3e": (
        "li",
        "review",
        lambda c: (c.acquire("wang"), c.claim("li", c.pool_customer("成都蓝海科技有限责任公司"))),
    ),
    "H-6.7a": ("wang", "review", lambda c: c.claim("wang", given_up(c))),
    "H-6.7b": ("li", "customers", lambda c: c.mark("li", c.acquire("li"), "20260301删除")),
    "H-6.7g": ("li", "ownership", lambda c: statistics(c, "li")),
}


def taken(company: Company) -> str:
    case_id: str = company.submit("li", form(company_name(3))).case.case_id
    company.settle()
    company.take("zhou", case_id)
    return case_id


def given_up(company: Company) -> str:
    customer = company.acquire("li")
    company.release("li", customer)
    return customer


def claim_at_once(company: Company, customer: str) -> Any:
    request = h.ClaimCustomerRequest(customer_id=customer)
    return company.call("li", company.platform.ownership.ClaimCustomer, request)


def statistics(company: Company, who: str) -> Any:
    request = h.ListReleasedCustomersRequest()
    return company.call(who, company.platform.ownership.ListReleasedCustomers, request)


@pytest.mark.parametrize(("who", "service", "action"), CASES.values(), ids=CASES)
def test_a_refusal_quotes_its_clause_and_is_kept(
    company: Company,
    request: pytest.FixtureRequest,
    who: str,
    service: str,
    action: Callable[[Company], Any],
) -> None:
    clause = request.node.callspec.id
    told = refused(action, company)
    assert clause in told.clause.split(", ")
    kept = company.decisions(service, "", who)[0]
    assert (kept.outcome, kept.reason, kept.clause) == ("refused", told.reason, told.clause)
    assert (kept.actor_id, kept.policy_version) == (who, 1)
    assert (kept.zh, kept.en) == (told.zh, told.en)
