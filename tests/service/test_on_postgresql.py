"""What decides by the number of rows changed decides alike on PostgreSQL."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from crm.ownership.v1 import ownership_pb2 as h

from chassis.relay import LEASE, take_lease
from tests.acceptance.actions import Company, table
from tests.builders import form
from tests.refusals import refused
from tests.system.plugin import NewDatabase


@pytest.fixture
def company(postgres_url: NewDatabase) -> Iterator[Company]:
    names = ("customers", "ownership", "review")
    company = Company(urls={name: postgres_url(name) for name in names})
    yield company
    for parts in company.platform.parts.values():
        parts.database.close()


def test_the_flow_goes_through_and_no_event_has_a_second_effect(company: Company) -> None:
    customer = company.acquire("li")
    assert company.quota("li").used_count == 1
    company.release("li", customer)
    for event in list(company.platform.events):
        company.platform.deliver(event)
    assert company.settle() == []
    assert company.quota("li").used_count == 0
    assert len(table(company.platform, "customers", "customer")) == 1
    assert len(table(company.platform, "ownership", "release")) == 1
    for service in ("customers", "ownership", "review"):
        assert all(row.last_error is None for row in table(company.platform, service, "inbox"))
    assert refused(company.submit, "wang", form()).reason == "DUPLICATE"


def test_the_lease_has_one_holder(company: Company) -> None:
    database, now = company.platform.parts["review"].database, company.platform.now

    def take(holder: str, seconds: int) -> bool:
        moment = now + timedelta(seconds=seconds)
        return database.run(lambda c: take_lease(c, "new", holder, moment, LEASE))

    assert [take("a", 0), take("a", 1), take("b", 2)] == [True, True, False]
    assert [take("b", 60), take("a", 61)] == [True, False]


def test_a_request_id_counts_once(company: Company) -> None:
    staff = h.Staff(display_name="马丽", hire_date="2026-01-01", department="s", roles=["hr"])
    request = h.CreateStaffRequest(staff=staff, request_id="one")
    method = company.platform.staff.CreateStaff
    assert company.call("admin", method, request) == company.call("admin", method, request)
    staff.display_name = "马莉"
    other = h.CreateStaffRequest(staff=staff, request_id="one")
    assert refused(company.call, "admin", method, other).reason == "REQUEST_ID_REUSED"
