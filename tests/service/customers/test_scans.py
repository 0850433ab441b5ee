"""All customers looked through for duplicates: a case for each pair, once; on where it stopped."""

import json
from datetime import timedelta
from typing import Any

import pytest
from crm.customers.v1 import customers_pb2 as c
from crm.review.v1 import review_pb2 as r

from chassis.rounds import Peers, Round
from services.customers.app import scanning
from tests.acceptance.actions import Company, table
from tests.builders import company_name, form
from tests.refusals import refused

PAIRS = [
    ("成都蓝海科技有限公司", "成都蓝海科技有限责任公司"),
    ("绵阳红岩餐饮有限公司", "绵阳红岩餐饮股份有限公司"),
    ("昆明鸟语花香园艺有限公司", "昆明鸟语花香园艺有限责任公司"),
]
FOUND = "crm.customers.duplicate.found.v1"
RUNNING, PAUSED, DONE = (
    c.DUPLICATE_SCAN_STATE_RUNNING,
    c.DUPLICATE_SCAN_STATE_PAUSED,
    c.DUPLICATE_SCAN_STATE_DONE,
)


def stock(company: Company, others: int = 5) -> list[tuple[str, str]]:
    """Put pairs of likely duplicates and others into the pool; return the pairs' ids."""
    firsts = company.enter_pool(*(form(one) for one, _ in PAIRS))
    company.enter_pool(*(form(company_name(number * 1111)) for number in range(1, 1 + others)))
    seconds = company.enter_pool(*(form(other) for _, other in PAIRS))
    return [tuple(sorted(pair)) for pair in zip(firsts, seconds, strict=True)]  # type: ignore[misc]


def start(company: Company, most: int = 0, who: str = "zhou") -> c.DuplicateScan:
    request = c.StartDuplicateScanRequest(most_found=most)
    method = company.platform.customers.StartDuplicateScan
    found: c.DuplicateScan = company.call(who, method, request).duplicate_scan
    return found


def latest(company: Company) -> c.DuplicateScan:
    request = c.GetDuplicateScanRequest(scan_id="latest")
    method = company.platform.customers.GetDuplicateScan
    found: c.DuplicateScan = company.call("zhou", method, request).duplicate_scan
    return found


def scan(company: Company, most: int = 0) -> c.DuplicateScan:
    """Start a scan, and let it and what follows happen."""
    start(company, most)
    company.platform.tick()
    return latest(company)


def told(company: Company) -> list[tuple[str, str]]:
    """Return the pairs that were announced."""
    events = [event for event in company.platform.events if event.type == FOUND]
    data: list[Any] = [json.loads(event.body)["data"] for event in events]
    return [(one["customer_id"], one["other_customer_id"]) for one in data]


def cases(company: Company) -> list[r.Case]:
    return [case for case in company.queue("zhou") if case.case_type == "duplicate_dispute"]


def test_each_pair_gets_a_case_with_its_evidence(company: Company) -> None:
    pairs = stock(company)
    done = scan(company)
    assert (done.state, done.found_count, done.checked_count) == (DONE, 3, 11)
    assert sorted(told(company)) == sorted(pairs)
    found = cases(company)
    records = [tuple(one["customer_id"] for one in case.evidence["records"]) for case in found]
    assert sorted(tuple(sorted(pair)) for pair in records) == sorted(pairs)
    assert all("相似度" in case.remarks for case in found)


def test_a_pair_is_asked_about_once_however_it_was_decided(company: Company) -> None:
    stock(company)
    scan(company)
    same, different, open_still = cases(company)
    company.approve(same.case_id, "chen")
    company.reject(different.case_id, "不是同一家公司", "chen")
    company.platform.tick()
    closed = [
        row for row in table(company.platform, "customers", "customer") if row["duplicate_of"]
    ]
    assert len(closed) == 1
    company.platform.now += timedelta(minutes=1)
    again = scan(company)
    assert (again.state, again.found_count) == (DONE, 0)
    assert [case.case_id for case in cases(company)] == [open_still.case_id]
    assert len(told(company)) == 3


def test_it_pauses_when_it_found_enough_and_goes_on_when_started(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(company)
    monkeypatch.setattr(scanning, "BATCH", 1)
    monkeypatch.setattr(scanning, "BATCHES", 100)
    first = scan(company, 1)
    assert (first.state, first.found_count, first.checked_count) == (PAUSED, 1, 1)
    company.platform.tick()
    assert latest(company) == first
    second = scan(company, 1)
    assert (second.scan_id, second.state, second.found_count) == (first.scan_id, PAUSED, 2)
    last = scan(company)
    assert (last.scan_id, last.state, last.found_count) == (first.scan_id, DONE, 3)
    assert last.checked_count == last.total_count == 11
    assert len(cases(company)) == 3


def test_it_goes_on_where_it_broke_off(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = stock(company)
    monkeypatch.setattr(scanning, "BATCH", 2)
    monkeypatch.setattr(scanning, "BATCHES", 2)
    running = start(company)
    parts, peers = company.platform.parts["customers"], company.platform.peers("customers")
    parts.round(scanning.carry_on, peers)
    assert (latest(company).state, latest(company).checked_count) == (RUNNING, 4)

    real = scanning.scans.advance

    def breaks(*arguments: Any) -> bool:
        real(*arguments)
        raise OSError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(scanning.scans, "advance", breaks)
        with pytest.raises(OSError, match="power"):
            parts.round(scanning.carry_on, peers)
    assert latest(company).checked_count == 4
    assert start(company).scan_id == running.scan_id
    for _ in range(5):
        parts.round(scanning.carry_on, peers)
    company.platform.tick()
    assert (latest(company).state, latest(company).checked_count) == (DONE, 11)
    assert sorted(told(company)) == sorted(pairs)


class Late(Round):
    """A round during whose look another process does the whole work."""

    late = True

    def read(self, work: Any) -> Any:
        seen = super().read(work)
        if self.late:
            self.late = False
            scanning.carry_on(Round(self.parts, Peers()))
        return seen


def test_a_round_that_another_overtook_keeps_nothing(company: Company) -> None:
    stock(company)
    start(company)
    scanning.carry_on(Late(company.platform.parts["customers"], Peers()))
    company.platform.tick()
    assert len(told(company)) == len(table(company.platform, "customers", "duplicate_pair")) == 3
    assert (latest(company).state, latest(company).found_count) == (DONE, 3)


@pytest.mark.parametrize("who", ["li", "sun"])
def test_only_whom_the_rules_name_scans(company: Company, who: str) -> None:
    for method, request in (
        (company.platform.customers.StartDuplicateScan, c.StartDuplicateScanRequest()),
        (
            company.platform.customers.GetDuplicateScan,
            c.GetDuplicateScanRequest(scan_id="latest"),
        ),
    ):
        assert refused(company.call, who, method, request).code == "PERMISSION_DENIED"
    assert refused(latest, company).reason == "SCAN_UNKNOWN"
