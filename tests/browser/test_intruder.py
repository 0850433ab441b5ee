"""Somebody who looks for what is another's: by address, by the API, by guessing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.people import PATIENCE_MS, Desk, Person

OTHERS, OWN = "rep001", "rep002"


@pytest.fixture
def customer(seat: Callable[..., Person]) -> dict[str, Any]:
    """A customer in the library of another rep, as that rep reads it."""
    owner = seat(OTHERS)
    owner.open("/desk")
    status, found = owner.request("GET", "/v1/holdings?scope=HOLDING_SCOPE_MINE&page_size=1")
    assert status == 200
    position: dict[str, Any] = found["holdings"][0]["position"]
    return position


@pytest.fixture
def intruder(seat: Callable[..., Person]) -> Person:
    """A rep who has no business with it."""
    person = seat(OWN)
    person.open("/desk")
    return person


def test_another_reps_customer_by_address(intruder: Person, customer: dict[str, Any]) -> None:
    intruder.open(f"/desk?customer={customer['customer_id']}")
    drawer = intruder.dialog()
    expect(drawer.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
    assert customer["full_name"] not in intruder.page.content()


def test_another_reps_customer_on_the_phone(
    seat: Callable[..., Person], customer: dict[str, Any]
) -> None:
    person = seat(OWN, phone=True)
    person.open(f"/m/customers/{customer['customer_id']}")
    expect(person.page.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
    assert customer["full_name"] not in person.page.content()


@pytest.mark.parametrize(
    "path",
    [
        "/v1/customers/{id}",
        "/v1/customers/{id}/facts",
        "/v1/customers/{id}/position",
        "/v1/customers/{id}/positionChanges",
        "/v1/customers/{id}/followUps",
        "/v1/customers:batchGet?customer_ids={id}",
        "/v1/holdings?scope=HOLDING_SCOPE_COMPANY",
        "/v1/holdings?holder_id=rep001",
        "/v1/libraries/rep001/customers",
        "/v1/cases?customer_id={id}&view=CASE_VIEW_ALL",
        "/v1/followUps?customer_id={id}",
        "/v1/services/ownership/decisions?subject_id={id}",
        "/v1/clocks?subject_id={id}",
    ],
)
def test_another_reps_customer_by_the_api(
    intruder: Person, customer: dict[str, Any], path: str
) -> None:
    status, found = intruder.request("GET", path.format(id=customer["customer_id"]))
    assert status in (200, 400, 403, 404), found
    assert customer["full_name"] not in str(found)
    assert "rep001" not in str(found)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/services/ownership/parkedMessages"),
        ("GET", "/v1/accounts"),
        ("POST", "/v1/runs/any:undo"),
        ("POST", "/v1/distributionPlans"),
        ("POST", "/v1/violations"),
    ],
)
def test_what_is_not_a_reps_to_do(intruder: Person, method: str, path: str) -> None:
    bodies: dict[str, Any] = {
        "/v1/runs/any:undo": {"reason": "x", "request_id": "r"},
        "/v1/distributionPlans": {"plan": {"mode": "PLAN_MODE_EVEN_BY_REP"}, "request_id": "r"},
        "/v1/violations": {"staff_id": "rep001", "evidence": "x", "request_id": "r"},
    }
    status, found = intruder.request(method, path, bodies.get(path))
    assert status in (403, 404), found


def test_nobody_signed_in_sees_the_sign_in(desk: Desk) -> None:
    stranger = desk.stranger()
    stranger.open("/customers?customer=any")
    stranger.page.wait_for_url(lambda address: "/sign-in" in address)
    stranger.page.close()


def test_signing_in_leads_nowhere_else(desk: Desk) -> None:
    stranger = desk.stranger()
    stranger.open("/sign-in?next=//example.org/desk")
    desk.sign_in(stranger)
    assert stranger.page.url.startswith(stranger.base)
    stranger.page.close()


def test_a_page_runs_no_script_but_its_own(intruder: Person) -> None:
    answer = intruder.page.request.get(intruder.base + "/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_people_write_is_text(seat: Callable[..., Person], customer: dict[str, Any]) -> None:
    owner = seat(OTHERS)
    owner.open("/desk")
    written = "<img src=x onerror=document.title='taken'> 已与客户电话沟通本月的续费安排和报价"
    status, found = owner.request(
        "POST",
        f"/v1/customers/{customer['customer_id']}/followUps",
        {
            "kind": "FOLLOW_UP_KIND_CALL",
            "title": "<b>续费</b>",
            "content": written,
            "request_id": customer["customer_id"][:20],
        },
    )
    assert status == 200, found
    phone = seat(OTHERS, phone=True)
    phone.open(f"/m/customers/{customer['customer_id']}")
    phone.sees(written)
    assert phone.page.title() != "taken"
