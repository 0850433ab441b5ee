"""The pool and the waiting line: every order, how a customer came there, who may claim it."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import runs_pb2 as n

from tests.acceptance.actions import Company
from tests.builders import company_name, form, variant
from tests.platform import haixin
from tests.refusals import refused
from tests.service.ownership.scheduling import stub
from tests.service.ownership.shelving import fill

KEYS = {h.PLACE_ORDER_ARRIVE_TIME: "arrived_at", h.PLACE_ORDER_NAME: "full_name"}


def pool(company: Company, who: str = "li", **wanted: Any) -> h.ListPoolResponse:
    request = h.ListPoolRequest(**wanted)
    answer: h.ListPoolResponse = company.call(who, company.platform.ownership.ListPool, request)
    return answer


def waiting(company: Company, who: str = "zhou", **wanted: Any) -> n.ListAwaitingResponse:
    request = n.ListAwaitingRequest(**wanted)
    answer: n.ListAwaitingResponse = company.call(who, stub(company).ListAwaiting, request)
    return answer


def ids(company: Company, place: str, **wanted: Any) -> list[str]:
    found, token = [], ""
    while True:
        if place == "public_pool":
            answer: Any = pool(company, page_token=token, **wanted)
            found += [position.customer_id for position in answer.positions]
        else:
            answer = waiting(company, page_token=token, **wanted)
            found += [customer.position.customer_id for customer in answer.customers]
        if not (token := answer.next_page_token):
            assert (answer.total_size, answer.total_size_capped) == (len(found), False)
            return found


@pytest.mark.parametrize("place", ["public_pool", "awaiting_distribution"])
@pytest.mark.parametrize("order", sorted(KEYS), ids=h.PlaceOrder.Name)
def test_pages_hold_every_customer_once_and_in_order(
    company: Company, place: str, order: h.PlaceOrder.ValueType
) -> None:
    there = [row for row in fill(company, 120, seed=7) if row["location"] == place]
    for down in (False, True):
        there.sort(key=lambda row: (row[KEYS[order]], row["customer_id"]), reverse=down)
        expected = [row["customer_id"] for row in there]
        for size in (1, 4, 200):
            assert ids(company, place, order=order, descending=down, page_size=size) == expected


@pytest.mark.parametrize("place", ["public_pool", "awaiting_distribution"])
def test_filters(company: Company, place: str) -> None:
    there = [row for row in fill(company, 120, seed=8) if row["location"] == place]
    for wanted, matches in (
        ({"query": "alpha"}, lambda row: "Alpha" in row["full_name"]),
        ({"query": "0%"}, lambda row: "0%" in row["full_name"]),
        ({"category": "online"}, lambda row: row["category"] == "online"),
    ):
        expected = [row["customer_id"] for row in there if matches(row)]
        assert expected
        assert sorted(ids(company, place, **wanted)) == sorted(expected)


def test_how_it_came_there_and_who_held_it_for_whoever_may_know(company: Company) -> None:
    imported = company.pool_customer(company_name(1))
    given_up = company.acquire("zhao", form(company_name(2)))
    company.platform.hire("kong", "孔主管", ["supervisor"], department="KA")
    company.release("zhao", given_up, "kong")
    (entered,) = pool(company, "zhou").positions
    assert (entered.customer_id, entered.arrive_manner) == (imported, "imported")
    assert not entered.HasField("previous_holder")
    (left,) = waiting(company, "zhou").customers
    assert (left.position.customer_id, left.position.arrive_manner) == (given_up, "released")
    assert left.position.previous_holder.display_name == "赵敏"
    assert not left.position.HasField("claim_hindrance")


def open_house(company: Company) -> Company:
    """Return a company where reps claim without review, and given-up customers go to the pool."""
    pack = variant(
        haixin(),
        claim__review=False,
        release__route="public_pool",
        pool__reclaim_cooldown_days=30,
    )
    company.platform.apply(pack, company.platform.now)
    return company


def test_the_hindrance_shown_is_the_one_a_claim_is_refused_with(company: Company) -> None:
    open_house(company)
    company.release("li", company.acquire("li", form(company_name(1))))
    fill(company, 80, seed=9)
    shown = list(pool(company, page_size=200).positions)
    seen = set()
    for position in shown:
        request = h.ClaimCustomerRequest(customer_id=position.customer_id)
        method = company.platform.ownership.ClaimCustomer
        hindrance = position.claim_hindrance
        seen.add(hindrance.reason)
        if hindrance.reason:
            told = refused(company.call, "li", method, request)
            assert (told.reason, told.clause) == (hindrance.reason, hindrance.clause)
            assert (told.zh, told.en) == (hindrance.zh, hindrance.en)
        else:
            assert company.call("li", method, request).position.holder_id == "li"
    assert seen == {"", "CUSTOMER_FROZEN", "CUSTOMER_IN_CASE", "COOLING_OFF"}


def test_time_says_from_when_on_it_can_be_claimed(company: Company) -> None:
    open_house(company)
    customer = company.acquire("li", form(company_name(1)))
    company.release("li", customer)
    (mine,) = pool(company, "li").positions
    until = mine.claim_hindrance.claimable_time.ToDatetime(UTC)
    assert until == mine.arrive_time.ToDatetime(UTC) + timedelta(days=30)
    assert mine.previous_holder.staff_id == "li"
    (others,) = pool(company, "wang").positions
    assert not others.HasField("claim_hindrance")
    assert not others.HasField("previous_holder")
    assert others.arrive_manner == "released"
    company.platform.now = until
    (later,) = pool(company, "li").positions
    assert not later.HasField("claim_hindrance")


def test_what_stands_against_every_claim_of_a_person(company: Company) -> None:
    company.pool_customer()
    (position,) = pool(company, "zhou").positions
    assert position.claim_hindrance.clause == "H-2.1b"
    company.holds("zhao", 330)
    (position,) = pool(company, "zhao").positions
    assert (position.claim_hindrance.reason, position.claim_hindrance.clause) == (
        "QUOTA_FULL",
        "H-2.2c",
    )


def test_only_those_whom_policy_names_see_the_lists(company: Company) -> None:
    fill(company, 30)
    company.platform.hire("hao", "郝人事", ["hr"], department="hr")
    assert refused(pool, company, "hao").clause == "H-2.1a, H-2.1b"
    assert refused(waiting, company, "li").clause == "H-6.7d, H-6.7f"
