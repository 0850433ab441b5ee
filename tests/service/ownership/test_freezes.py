"""Freezes are counted: the first is announced, and the end of the last."""

import json
from datetime import timedelta
from typing import Any

from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import Company, table
from tests.platform import MONDAY
from tests.refusals import refused
from tests.service.ownership.freezing import freeze, thaw


def announced(company: Company) -> list[tuple[str, Any]]:
    return [
        (event.type.split(".")[-2], json.loads(event.body)["data"])
        for event in company.settle()
        if event.type.startswith("crm.ownership.holding.")
    ]


def frozen(company: Company, customer: str) -> int:
    (row,) = table(company.platform, "ownership", "position")
    assert row["customer_id"] == customer
    return int(row["freeze_count"])


def test_first_and_last_are_announced_with_the_whole_time(company: Company) -> None:
    customer = company.acquire("li")
    company.settle()
    assert freeze(company, [customer], "departure", "li") == [customer]
    company.platform.now += timedelta(hours=1)
    assert freeze(company, [customer, "unknown"], "dispute", "d1") == [customer]
    company.platform.now += timedelta(hours=1)
    assert thaw(company, [customer], "departure", "li") == [customer]
    assert frozen(company, customer) == 1
    company.platform.now += timedelta(hours=1)
    assert thaw(company, [customer], "dispute", "d1") == [customer]
    assert frozen(company, customer) == 0
    (first, begun), (last, ended) = announced(company)
    assert (first, last) == ("frozen", "thawed")
    begun.pop("actor")
    assert begun == {
        "customer_id": customer,
        "holder_id": "li",
        "cause": "departure",
        "reference_id": "li",
        "freeze_time": MONDAY.isoformat(),
    }
    assert (ended["freeze_time"], ended["thaw_time"], ended["reference_id"]) == (
        MONDAY.isoformat(),
        (MONDAY + timedelta(hours=3)).isoformat(),
        "d1",
    )


def test_repetition_changes_nothing(company: Company) -> None:
    customer = company.acquire("li")
    company.settle()
    assert freeze(company, [customer, customer]) == [customer]
    assert freeze(company, [customer]) == []
    assert thaw(company, [customer], "departure") == []
    assert thaw(company, [customer]) == [customer]
    assert thaw(company, [customer]) == []
    assert freeze(company, [customer]) == [], "a cause that ended freezes no more"
    assert frozen(company, customer) == 0
    assert [name for name, _ in announced(company)] == ["frozen", "thawed"]


def test_a_new_freeze_after_a_break_counts_from_itself(company: Company) -> None:
    customer = company.acquire("li")
    freeze(company, [customer])
    thaw(company, [customer])
    company.platform.now += timedelta(days=1)
    freeze(company, [customer], "dispute", "d2")
    thaw(company, [customer], "dispute", "d2")
    company.settle()
    ended = [e for e in company.platform.events if e.type.endswith("holding.thawed.v1")]
    assert json.loads(ended[-1].body)["data"]["freeze_time"].startswith("2026-03-03")


def test_a_frozen_pool_customer_cannot_be_claimed(company: Company) -> None:
    customer = company.pool_customer()
    freeze(company, [customer])
    told = refused(company.claim, "li", customer)
    assert (told.reason, told.clause) == ("CUSTOMER_FROZEN", "H-6.2b, H-6.3a")
    thaw(company, [customer])
    company.settle()
    assert company.approve(company.claim("li", customer).case_id).state == r.CASE_STATE_DONE


def test_a_claim_under_way_is_refused_and_frees_its_slot(company: Company) -> None:
    customer = company.pool_customer()
    case_id = company.claim("li", customer).case_id
    freeze(company, [customer])
    case = company.approve(case_id)
    assert (case.state, "冻结" in case.reason) == (r.CASE_STATE_FAILED, True)
    quota = company.quota("li")
    assert (quota.used_count, quota.reserved_count) == (0, 0)
    thaw(company, [customer])
    company.settle()
    assert company.approve(company.claim("wang", customer).case_id).state == r.CASE_STATE_DONE


def test_a_release_under_way_is_refused(company: Company) -> None:
    customer = company.acquire("li")
    case_id = company.ask_release("li", customer)
    freeze(company, [customer], "departure", "li")
    assert company.approve(case_id, "sun").state == r.CASE_STATE_FAILED
    assert company.position(customer).holder_id == "li"
