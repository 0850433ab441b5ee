"""Pages follow each other without gap or repetition; changes are based on what was read."""

import base64
import json
from typing import Any

import pytest
from crm.customers.v1 import customers_pb2 as c
from crm.operations.v1 import operations_pb2 as o
from crm.ownership.v1 import ownership_pb2 as h
from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import Company
from tests.builders import company_name, form
from tests.refusals import refused


@pytest.fixture
def busy(company: Company) -> Company:
    """A company in which every list has five entries."""
    company.enter_pool(*(form(company_name(number)) for number in range(5)))
    company.holds("li", 5)
    for number in range(5, 10):
        company.submit("wang", form(company_name(number)))
    company.settle()
    return company


def lists(company: Company) -> dict[str, tuple[str, Any, Any, str]]:
    p = company.platform
    pooled = company.pool("wang")[0]
    return {
        "pool": ("wang", p.ownership.ListPool, h.ListPoolRequest(), "positions"),
        "library": (
            "li",
            p.ownership.ListLibrary,
            h.ListLibraryRequest(staff_id="me"),
            "positions",
        ),
        "customers": ("zhou", p.customers.ListCustomers, c.ListCustomersRequest(), "customers"),
        "facts": (
            "zhou",
            p.customers.ListCustomerFacts,
            c.ListCustomerFactsRequest(customer_id=pooled),
            "facts",
        ),
        "queue": ("zhou", p.review.ListCases, r.ListCasesRequest(), "cases"),
        "own cases": ("wang", p.review.ListCases, r.ListCasesRequest(mine=True), "cases"),
        "staff": ("admin", p.staff.ListStaff, h.ListStaffRequest(), "staff"),
        "decisions": (
            "zhou",
            p.operations("ownership").ListDecisions,
            o.ListDecisionsRequest(service="ownership"),
            "decisions",
        ),
    }


NAMES = ("pool", "library", "customers", "facts", "queue", "own cases", "staff", "decisions")


@pytest.mark.parametrize("name", NAMES)
def test_pages_hold_everything_once(busy: Company, name: str) -> None:
    who, method, request, field = lists(busy)[name]
    whole = list(getattr(busy.call(who, method, request), field))
    assert len(whole) >= 5
    for size in (1, 2, 3):
        found, token = [], ""
        while True:
            page = type(request)()
            page.CopyFrom(request)
            page.page_size, page.page_token = size, token
            answer = busy.call(who, method, page)
            assert len(getattr(answer, field)) <= size
            found += getattr(answer, field)
            if not (token := answer.next_page_token):
                break
        assert found == whole


@pytest.mark.parametrize("name", NAMES)
def test_a_token_of_another_request_or_a_changed_one_is_refused(busy: Company, name: str) -> None:
    who, method, request, _ = lists(busy)[name]
    request.page_size = 2
    token = busy.call(who, method, request).next_page_token
    fingerprint, *keys = json.loads(base64.urlsafe_b64decode(token))
    contents: list[Any] = [
        5,
        None,
        [],
        {},
        "text",
        [fingerprint],
        [fingerprint, "not a time", "x"],
        [fingerprint, None],
        [fingerprint, *keys, "more"],
        ["0" * 12, *keys],
    ]
    other = lists(busy)["staff" if name != "staff" else "pool"]
    other[2].page_size = 2
    foreign = busy.call(*other[:3]).next_page_token
    for bad in (
        foreign,
        token[:-4],
        token[4:],
        "x",
        "=",
        "页",
        *(base64.urlsafe_b64encode(json.dumps(content).encode()).decode() for content in contents),
    ):
        request.page_token = bad
        told = refused(busy.call, who, method, request)
        assert (told.code, told.reason) == ("INVALID_ARGUMENT", "BAD_PAGE_TOKEN"), bad


def test_a_token_is_bound_to_the_filter(busy: Company) -> None:
    request = c.ListCustomersRequest(page_size=2)
    method = busy.platform.customers.ListCustomers
    token = busy.call("zhou", method, request).next_page_token
    request = c.ListCustomersRequest(page_size=3, page_token=token)
    assert busy.call("zhou", method, request).customers
    request.location = "public_pool"
    assert refused(busy.call, "zhou", method, request).reason == "BAD_PAGE_TOKEN"


def test_page_sizes(busy: Company) -> None:
    busy.enter_pool(*(form(company_name(number)) for number in range(100, 310)))
    method = busy.platform.ownership.ListPool
    for asked, given in ((0, 50), (1, 1), (200, 200), (1_000_000, 200)):
        answer = busy.call("li", method, h.ListPoolRequest(page_size=asked))
        assert len(answer.positions) == given
    told = refused(busy.call, "li", method, h.ListPoolRequest(page_size=-1))
    assert told.fields == {"page_size": ["FIELD_INVALID"]}


def test_a_change_based_on_an_old_version_is_stale(company: Company) -> None:
    customer = company.acquire("li")
    etag = company.customer("li", customer).etag
    method = company.platform.customers.SupplementCustomer

    def supplement(etag: str, lead: str) -> Any:
        request = c.SupplementCustomerRequest(
            customer_id=customer, reason="已换人", etag=etag, form=c.CustomerForm(hr_lead=lead)
        )
        return company.call("li", method, request).customer

    changed = supplement(etag, "何强")
    assert changed.etag != etag
    for old in (etag, "99", "abc", '"1"'):
        told = refused(supplement, old, "李红")
        assert (told.code, told.reason) == ("ABORTED", "STALE"), old
    assert supplement(changed.etag, "李红").form.hr_lead == "李红"
    assert supplement("", "何强").form.hr_lead == "何强"


def test_a_decision_based_on_an_old_version_is_stale(company: Company) -> None:
    case_id = company.submit("li", form()).case.case_id
    etag = company.take("zhou", case_id).etag
    request = r.DecideCaseRequest(
        case_id=case_id,
        verdict=r.VERDICT_APPROVE,
        checks={"not_duplicate": True, "complete": True},
    )
    for old in (str(int(etag) - 1), "abc"):
        request.etag, request.request_id = old, ""
        told = refused(company.call, "zhou", company.platform.review.DecideCase, request)
        assert told.reason == "STALE"
    request.etag, request.request_id = etag, ""
    assert company.call("zhou", company.platform.review.DecideCase, request).case.decisions


def test_a_persons_change_based_on_an_old_version_is_stale(company: Company) -> None:
    method = company.platform.staff.UpdateStaff
    read = h.GetStaffRequest(staff_id="li")
    stored = company.call("admin", company.platform.staff.GetStaff, read).staff
    stored.team = "2"
    request = h.UpdateStaffRequest(staff=stored, fields=["team"])
    assert company.call("admin", method, request).staff.team == "2"
    for etag in (stored.etag, "abc"):
        stored.etag = etag
        again = h.UpdateStaffRequest(staff=stored, fields=["team"])
        assert refused(company.call, "admin", method, again).reason == "STALE"


def test_an_unknown_field_to_change_is_refused(company: Company) -> None:
    person = h.Staff(staff_id="li", team="9")
    method = company.platform.staff.UpdateStaff
    for unknown in ("rolez", "staff_id", "etag", "version"):
        request = h.UpdateStaffRequest(staff=person, fields=["team", unknown])
        told = refused(company.call, "admin", method, request)
        assert told.code == "INVALID_ARGUMENT"
        assert list(told.fields) == ["fields"]
