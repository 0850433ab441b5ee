"""Colleagues for everybody; the directory in every order, quotas for whoever may know them."""

from typing import Any

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.scheduler.v1 import scheduler_pb2 as s

from chassis.kernel import Identity
from tests.acceptance.actions import Company, table
from tests.acceptance.leaving import depart
from tests.refusals import refused

ORDERS = {
    h.STAFF_ORDER_NAME: lambda row: (row["display_name"],),
    h.STAFF_ORDER_TEAM: lambda row: (row["department"], row["team"], row["display_name"]),
    h.STAFF_ORDER_HIRE_DATE: lambda row: (row["hire_date"],),
    h.STAFF_ORDER_USED_COUNT: lambda row: (USED.get(row["staff_id"], 0),),
}
USED = {"li": 3, "wang": 1}


def colleagues(company: Company, who: Any = "li", **wanted: Any) -> list[str]:
    request = h.ListColleaguesRequest(**wanted)
    answer = company.platform.call(company.platform.staff.ListColleagues, request, who)
    return [one.staff_id for one in answer.colleagues]


def directory(company: Company, who: str = "zhou", **wanted: Any) -> list[h.Staff]:
    found: list[h.Staff] = []
    token = ""
    while True:
        request = h.ListStaffRequest(page_token=token, **wanted)
        answer = company.call(who, company.platform.staff.ListStaff, request)
        found += answer.staff
        if not (token := answer.next_page_token):
            assert answer.total_size == len(found)
            return found


def ids(company: Company, **wanted: Any) -> list[str]:
    return [person.staff_id for person in directory(company, **wanted)]


@pytest.mark.parametrize("order", ORDERS, ids=h.StaffOrder.Name)
def test_pages_hold_everybody_once_and_in_order(
    company: Company, order: h.StaffOrder.ValueType
) -> None:
    company.platform.hire("li2", "李雷", hired="2026-01-15")
    for who, count in USED.items():
        company.holds(who, count)
    rows = list(table(company.platform, "ownership", "staff"))
    for down in (False, True):
        rows.sort(key=lambda row: (*ORDERS[order](row), row["staff_id"]), reverse=down)
        expected = [row["staff_id"] for row in rows]
        for size in (1, 3, 200):
            assert ids(company, order=order, descending=down, page_size=size) == expected


def test_filters(company: Company) -> None:
    company.platform.hire("hao", "郝人事", ["hr"], department="hr")
    depart(company, "wang")
    leave = s.RecordLeaveRequest(
        staff_id="zhao", first_date="2026-03-02", last_date="2026-03-02", reason="病假"
    )
    company.call("hao", company.platform.scheduler.RecordLeave, leave)
    company.settle()
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"query": "孙"}, {"sun"}),
        ({"department": "KA"}, {"zhao"}),
        ({"department": "sales", "team": "1"}, {"li", "wang", "sun"}),
        ({"role": "sales_rep"}, {"li", "wang", "zhao"}),
        ({"role": "sales"}, set()),
        ({"role": "%"}, set()),
        ({"state": h.STAFF_STATE_DEPARTED}, {"wang"}),
        ({"receiving": True}, {"li"}),
        ({"receiving": False, "role": "sales_rep"}, {"wang", "zhao"}),
    ]
    for wanted, expected in cases:
        assert set(ids(company, **wanted)) == expected, wanted


def test_the_quota_is_the_one_that_is_enforced(company: Company) -> None:
    company.holds("li", 3, online=2)
    listed = {person.staff_id: person for person in directory(company)}
    assert listed["li"].quota == company.quota("li")
    assert (listed["li"].quota.used_count, listed["li"].quota.uncounted_count) == (3, 2)
    assert not listed["sun"].HasField("quota")


def test_quotas_are_for_readers_of_the_library_and_keepers_of_the_directory(
    company: Company,
) -> None:
    company.platform.hire("hao", "郝人事", ["hr"], department="hr")
    for who, known in (("sun", {"li", "wang"}), ("hao", {"li", "wang", "zhao"})):
        listed = directory(company, who)
        assert {person.staff_id for person in listed if person.HasField("quota")} == known
    assert refused(directory, company, "li").code == "PERMISSION_DENIED"


def test_everybody_may_know_the_names_of_colleagues_and_no_more(company: Company) -> None:
    asked = h.ListColleaguesRequest(query="李")
    answer = company.call("wang", company.platform.staff.ListColleagues, asked)
    assert list(answer.colleagues) == [
        h.Colleague(
            staff_id="li",
            display_name="李雷",
            department="sales",
            team="1",
            state=h.STAFF_STATE_ACTIVE,
        )
    ]
    assert set(h.Colleague.DESCRIPTOR.fields_by_name) == {
        "staff_id",
        "display_name",
        "department",
        "team",
        "state",
    }
    assert colleagues(company, Identity("new", "新人", frozenset()), ids=["li"]) == ["li"]


def test_colleagues_by_id_by_part_of_the_name_by_place(company: Company) -> None:
    company.platform.hire("hao", "郝人事", ["hr"], department="hr")
    depart(company, "wang")
    assert colleagues(company, ids=["sun", "nobody", "me", "sun"]) == ["sun", "li"]
    assert colleagues(company, state=h.STAFF_STATE_DEPARTED) == ["wang"]
    assert colleagues(company, department="KA") == ["zhao"]
    assert colleagues(company, query="%") == []
    for number in range(60):
        company.platform.hire(f"x{number:02}", "钱进")
    asked = [f"x{number:02}" for number in range(60)]
    assert colleagues(company, ids=asked) == asked
    assert len(colleagues(company, query="钱")) == 50
