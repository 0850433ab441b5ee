"""Deadlines as announced become those of the holding that they are of, in whatever order."""

import itertools
from datetime import timedelta

import pytest
from crm.ownership.v1 import ownership_pb2 as h

from tests.acceptance.actions import Company, table
from tests.builders import variant
from tests.platform import MONDAY, haixin
from tests.service.ownership.freezing import freeze
from tests.service.ownership.scheduling import AFTER_THE_REAL_ONES, armed, entry, hold_many

DAY = timedelta(days=1)
DUE = MONDAY + 7 * DAY


def due_of(company: Company, customer: str) -> str:
    position = company.library("li")[customer]
    return position.due_time.ToJsonString() if position.HasField("due_time") else ""


def test_the_announced_deadline_is_shown(company: Company) -> None:
    (customer,) = hold_many(company, "li", 1)
    assert due_of(company, customer) == ""
    armed(company, entry(customer, MONDAY, DUE))
    assert due_of(company, customer) == "2026-03-09T01:00:00Z"


def test_the_newest_wins_in_whatever_order() -> None:
    entries = [(MONDAY + n * DAY, MONDAY + (n + 7) * DAY, n + 1) for n in range(3)]
    for order in itertools.permutations([*entries, entries[0]]):
        company = Company()
        (customer,) = hold_many(company, "li", 1)
        for basis, due, version in order:
            armed(company, entry(customer, basis, due, version))
        assert due_of(company, customer) == "2026-03-11T01:00:00Z"


@pytest.mark.parametrize(
    "change", [{"party": "wang"}, {"basis": MONDAY - DAY}, {"version": -AFTER_THE_REAL_ONES}]
)
def test_another_holding_is_not_concerned(company: Company, change: dict[str, object]) -> None:
    (customer,) = hold_many(company, "li", 1)
    announced = {"basis": MONDAY, "due": DUE, "version": 1} | change
    armed(company, entry(customer, **announced))  # type: ignore[arg-type]
    assert due_of(company, customer) == ""


def test_another_clock_is_not_concerned(company: Company) -> None:
    (customer,) = hold_many(company, "li", 1)
    armed(company, entry(customer, MONDAY, DUE), clock="case_sla")
    assert due_of(company, customer) == ""


def test_a_customer_that_comes_again_has_no_deadline_of_before(company: Company) -> None:
    company.platform.apply(variant(haixin(), release__route="public_pool"), MONDAY)
    customer = company.acquire("li")
    company.release("li", customer)
    company.platform.now += DAY
    company.approve(company.claim("li", customer).case_id)
    shown = due_of(company, customer)
    armed(company, entry(customer, MONDAY, DUE, 2))
    assert due_of(company, customer) == shown == "2026-03-10T16:00:00Z"
    armed(company, entry(customer, MONDAY + DAY, DUE + DAY, 4))
    assert due_of(company, customer) == "2026-03-10T01:00:00Z"


def test_the_last_of_one_message_counts(company: Company) -> None:
    (customer,) = hold_many(company, "li", 1)
    newer, older = entry(customer, MONDAY, DUE + DAY, 2), entry(customer, MONDAY, DUE, 1)
    armed(company, newer, older, entry("unknown", MONDAY, DUE))
    assert due_of(company, customer) == "2026-03-10T01:00:00Z"


def test_what_is_exempt_or_frozen_shows_no_deadline(company: Company) -> None:
    company.holds("li", 1, online=1)
    frozen, online = "li-0", "li-1"
    armed(company, entry(online, MONDAY, DUE), entry(frozen, MONDAY, DUE))
    freeze(company, [frozen])
    library = company.library("li")
    assert [due_of(company, one) for one in (online, frozen)] == ["", ""]
    assert (library[online].reclaim_exempt, library[online].frozen) == (True, False)
    assert (library[frozen].reclaim_exempt, library[frozen].frozen) == (False, True)
    company.platform.apply(variant(haixin(), reclaim__exclude_categories=[]), MONDAY)
    assert due_of(company, online) != ""


def test_a_library_is_listed_by_deadline(company: Company) -> None:
    ids = hold_many(company, "li", 5)
    for number, one in enumerate(ids[:4]):
        armed(company, entry(one, MONDAY, DUE - number * DAY))
    freeze(company, [ids[3]])
    listed: list[str] = []
    token = ""
    while True:
        request = h.ListLibraryRequest(
            staff_id="me", page_size=2, page_token=token, order=h.LIBRARY_ORDER_DUE_TIME
        )
        answer = company.call("li", company.platform.ownership.ListLibrary, request)
        listed += [position.customer_id for position in answer.positions]
        token = answer.next_page_token
        if not token:
            break
    assert listed == [ids[2], ids[1], ids[0], ids[3], ids[4]]


def test_a_follow_up_after_the_deadline_waits_for_the_run(company: Company) -> None:
    (customer,) = hold_many(company, "li", 1)
    armed(company, entry(customer, MONDAY, DUE))
    company.platform.now = DUE + timedelta(minutes=1)
    armed(company, entry(customer, DUE, DUE + 7 * DAY, 2))
    assert due_of(company, customer) == "2026-03-09T01:00:00Z"
    armed(company, entry(customer, DUE + timedelta(seconds=9), DUE + 8 * DAY, 3))
    (late,) = table(company.platform, "ownership", "late_deadline")
    assert late["version"] % 1000 == 3


def test_what_seemed_too_late_counts_once_the_one_between_arrives(company: Company) -> None:
    (customer,) = hold_many(company, "li", 1)
    armed(company, entry(customer, MONDAY, DUE))
    company.platform.now = DUE + DAY
    armed(company, entry(customer, DUE + timedelta(hours=2), DUE + 8 * DAY, 3))
    armed(company, entry(customer, DUE - DAY, DUE + 6 * DAY, 2))
    assert due_of(company, customer) == "2026-03-17T01:00:00Z"
    assert table(company.platform, "ownership", "late_deadline") == []
